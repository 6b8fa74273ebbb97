import { planOf } from '../engine/job.ts'
import { readProtection } from '../engine/protection.ts'
import { readRolesNow } from '../engine/role-holders.ts'
import type { World } from '../engine/world.ts'
import { type Fault, fault } from '../errors.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { User } from '../graph/directory/users.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Reader } from '../store/store.ts'
import type { Caller } from './contract.ts'
import { HELP_DESK_PASSES_A_DAY } from './verbs.ts'

const DAY = 86_400_000
const OVER: readonly string[] = ['aborted', 'rolledBack']

/** Whoever acts for themselves, by whichever name they are known. */
export function isOneself({ person }: Caller, { id, userPrincipalName, mail }: User): boolean {
  return [id, userPrincipalName, mail].some((name) => name?.toLowerCase() === person.toLowerCase())
}

/** @throws passBarred: oneself, a guest, a disabled account, whoever a plan of this installation protects */
export async function refuseBarred(world: World, caller: Caller, user: User, ask: Ask): Promise<void> {
  const barred = (because: string, instead: string): Fault =>
    fault('passBarred', { person: user.userPrincipalName, because, instead })
  if (isOneself(caller, user))
    throw barred('nobody gives themselves one', 'Somebody else of the help desk or on-call asks for it.')
  if (user.userType?.toLowerCase() === 'guest')
    throw barred('Microsoft makes none for guests', 'Their own organisation helps them.')
  if (user.accountEnabled !== true)
    throw barred('the account is disabled', 'See why it is before anybody signs in with it.')
  const { people, isSure } = await everybodyProtected(world, ask)
  if (people.has(user.id))
    throw barred(
      'the account is protected by a plan',
      'Nothing of ours touches it; use what you keep for it, such as its security key.',
    )
  if (!isSure) throw barred('a protected group of a plan cannot be told', NAME_THE_GROUP)
}

export const NAME_THE_GROUP = 'Name it in protect.groups by its object id, so that who is protected is known.'

/** By every plan there is; of one that is over, what can still be found. */
export async function everybodyProtected(world: World, ask: Ask) {
  const rollouts = await world.store.read.rollouts()
  const over = (one: StoredRollout) => OVER.includes(one.state)
  const live = await readProtection(world, togetherIn(rollouts.filter((one) => !over(one))), ask)
  const past = await readProtection(world, togetherIn(rollouts.filter(over)), ask)
  return {
    people: new Set([...live.people, ...past.people]),
    isSure: live.findings.every(({ code }) => code !== 'planNoLongerFits'),
  }
}

function togetherIn(rollouts: readonly StoredRollout[]) {
  const plans = rollouts.map((rollout) => planOf(rollout).protect)
  return {
    protect: {
      emergencyAccounts: [...new Set(plans.flatMap((one) => one.emergencyAccounts))],
      groups: [...new Set(plans.flatMap((one) => one.groups))],
    },
  }
}

/** Known to hold no directory role; whom the report does not tell of may hold one. @throws GraphFailure */
export async function isWithoutRole(world: World, id: string, ask: Ask): Promise<boolean> {
  return (await readRolesNow(world, [id], ask)).free.has(id)
}

/** Counted are the passes that were sent for. @throws roleTooWeak */
export async function checkPassesADay(
  read: Pick<Reader, 'timesDone'>,
  world: World,
  caller: Caller,
): Promise<void> {
  if (!caller.roles.includes('helpDesk') || caller.roles.includes('onCall')) return
  const times = await read.timesDone(caller.person, 'verb.pass', world.clock.now() - DAY)
  if (times < HELP_DESK_PASSES_A_DAY) return
  const verb = `more than ${HELP_DESK_PASSES_A_DAY} passes a day`
  throw fault('roleTooWeak', { person: caller.person, role: 'help desk', verb, roles: 'on-call' })
}
