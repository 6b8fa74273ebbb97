import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { PassPolicy } from '../graph/directory/access-passes.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { User } from '../graph/directory/users.ts'
import { durationMs } from '../plan/units.ts'

const MINUTE = 60_000

/** Graph's own bounds, for a policy that does not say. */
const SHORTEST = 10
const LONGEST = 43_200

export interface WantedPass {
  /** As in a plan: 60m, 8h. Absent: as long as the policy says. */
  lifetime?: string | undefined
  /** Good for more than one sign-in, where the policy allows that. */
  manyUses?: boolean | undefined
}

/** What is sent to Microsoft, inside the tenant's policy. @throws passPolicyOff, passLifetime */
export async function passWithinPolicy(
  world: World,
  user: User,
  wanted: WantedPass,
  ask: Ask,
): Promise<{ lifetimeInMinutes: number; isUsableOnce: boolean }> {
  const policy = await world.directory.readPassPolicy(ask)
  if (policy.state !== 'enabled')
    throw fault('passPolicyOff', { person: user.userPrincipalName, because: 'it is switched off' })
  if (!(await isIncluded(world, user, policy, ask)))
    throw fault('passPolicyOff', { person: user.userPrincipalName, because: 'it leaves this person out' })
  if (wanted.manyUses && policy.isUsableOnce !== false)
    throw fault('passPolicyOff', {
      person: user.userPrincipalName,
      because: 'it allows passes for one sign-in only',
    })
  return { lifetimeInMinutes: lifetimeOf(policy, wanted), isUsableOnce: !wanted.manyUses }
}

function lifetimeOf(policy: PassPolicy, { lifetime }: WantedPass): number {
  const least = policy.minimumLifetimeInMinutes ?? SHORTEST
  const most = policy.maximumLifetimeInMinutes ?? LONGEST
  if (lifetime === undefined) return policy.defaultLifetimeInMinutes ?? least
  const minutes = /^[1-9]\d{0,5}[mhd]$/.test(lifetime) ? durationMs(lifetime) / MINUTE : 0
  if (minutes >= least && minutes <= most) return minutes
  throw fault('passLifetime', { lifetime, least, most })
}

/** Whom nothing includes has none; who is left out has none, whatever includes them. */
async function isIncluded(world: World, user: User, policy: PassPolicy, ask: Ask): Promise<boolean> {
  if (await isAmong(world, user, policy.excludeTargets, ask)) return false
  return await isAmong(world, user, policy.includeTargets, ask)
}

async function isAmong(
  { directory }: World,
  user: User,
  targets: PassPolicy['includeTargets'],
  ask: Ask,
): Promise<boolean> {
  for (const { id, targetType } of targets) {
    if (id === 'all_users' || id === user.id) return true
    if (targetType === 'user') continue
    if ((await directory.listTransitiveUsers(id, ask)).includes(user.id)) return true
  }
  return false
}
