import type { Ask } from '../graph/directory/ask.ts'
import type { User } from '../graph/directory/users.ts'
import { GraphFailure, isFailure } from '../graph/errors.ts'
import {
  type EmergencyFacts,
  type EmergencyVerdict,
  judgeEmergency,
  type Known,
} from '../people/emergency.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { World } from './world.ts'

export interface EmergencyAccount {
  /** As the plan names it. */
  name: string
  /** Absent: there is no such account. */
  upn: string | undefined
  isEnabled: boolean
  verdicts: EmergencyVerdict[]
}

/** Template id, the same in every tenant. */
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'

/** What can be proven of the plan's emergency accounts: six calls for each, two of them of the slow kind. */
export async function readEmergency(
  world: World,
  plan: Pick<CompiledPlan, 'protect'>,
  ask: Ask,
): Promise<EmergencyAccount[]> {
  const found: EmergencyAccount[] = []
  for (const name of plan.protect.emergencyAccounts) {
    const user = await userOf(world, name, ask)
    if (!user) {
      found.push({ name, upn: undefined, isEnabled: false, verdicts: [] })
      continue
    }
    const facts = await readFacts(world, user, ask)
    const verdicts = judgeEmergency(facts, world.clock.now(), plan.protect.emergencySignInMs)
    found.push({ name, upn: user.userPrincipalName, isEnabled: user.accountEnabled === true, verdicts })
  }
  return found
}

async function userOf(world: World, name: string, ask: Ask): Promise<User | undefined> {
  try {
    return await world.directory.readUser(name, ask)
  } catch (error) {
    if (isFailure(error, 'notFound')) return undefined
    throw error
  }
}

async function readFacts({ directory }: World, user: User, ask: Ask): Promise<EmergencyFacts> {
  const { id } = user
  return {
    upn: user.userPrincipalName,
    isSynced: await known(() => directory.readIsSynced(id, ask)),
    methods: await known(() => directory.listMethodKinds(id, ask)),
    administrator: await known(async () => {
      const held = await directory.listRolesOf(id, ask)
      const isHeld = held.some(
        (one) => one.roleDefinitionId === GLOBAL_ADMINISTRATOR && (one.directoryScopeId ?? '/') === '/',
      )
      const isEligible = (await eligibleRoles(directory, id, ask)).includes(GLOBAL_ADMINISTRATOR)
      // Held and eligible: taken on for some hours.
      return isEligible ? 'forHours' : isHeld ? 'always' : 'no'
    }),
    lastSignIn: await known(() => directory.readLastSignIn(id, ask)),
  }
}

/** Without P2 nobody is eligible for anything: what is held is held for good. */
async function eligibleRoles(directory: World['directory'], id: string, ask: Ask): Promise<string[]> {
  try {
    return await directory.listEligibleRolesOf(id, ask)
  } catch (error) {
    if (isFailure(error, 'licence') || isFailure(error, 'badRequest')) return []
    throw error
  }
}

/** What will not come by asking again is unknown; what passes fails the whole look, which is tried again. */
async function known<T>(read: () => Promise<T>): Promise<Known<T>> {
  try {
    return { value: await read() }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    if (error.kind === 'throttled' || error.kind === 'unavailable') throw error
    if (error.kind === 'licence') return { why: 'the tenant has no Entra ID P1' }
    const permission = error.permission ? ` It needs the application permission ${error.permission}.` : ''
    return { why: `${error.message}${permission}` }
  }
}
