import { doorsOf, idsOf, twinName } from '../engine/doors.ts'
import { planOf } from '../engine/job.ts'
import { preflight } from '../engine/preflight.ts'
import { type SecurityDefaults, withSecurityDefaults } from '../engine/security-defaults.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { graphFault } from './graph-fault.ts'

const LIVE: readonly string[] = ['running', 'rollingBack', 'rollbackFailed']

/** Ids of the groups people will join; `adminGroupId` null: administrators have none of their own. */
export type Targets = Pick<StoredRollout, 'groupId' | 'adminGroupId'>

/** @throws preflightFailed, targetInUse */
export async function checkStart(
  world: World,
  rollout: StoredRollout,
  signal: AbortSignal,
): Promise<Targets> {
  const { findings, groupId, adminGroupId } = await checked(world, rollout, signal)
  refuseTargetInUse(rollout, { groupId, adminGroupId }, await world.store.read.rollouts())
  const [first] = findings
  if (first || groupId === null) {
    throw fault('preflightFailed', {
      first: first ? `${first.message} ${first.hint}` : 'the group was not found',
      findings,
    })
  }
  return { groupId, adminGroupId }
}

/** @throws targetInUse */
export function refuseTargetInUse(
  rollout: StoredRollout,
  targets: Targets,
  all: readonly StoredRollout[],
): void {
  const others = all.filter((one) => one.id !== rollout.id && LIVE.includes(one.state))
  for (const other of others) {
    const target = sharedTarget({ ...rollout, ...targets }, other)
    if (target) throw fault('targetInUse', { other: other.id, name: other.name, target })
  }
}

/**
 * Nothing of a run that has ended is taken back under another that is live: the policy and the before-images would go
 * from under it. @throws targetInUse
 */
export function refuseBackUnderAnother(rollout: StoredRollout, all: readonly StoredRollout[]): void {
  if (!LIVE.includes(rollout.state)) refuseTargetInUse(rollout, rollout, all)
}

async function checked(world: World, rollout: StoredRollout, signal: AbortSignal) {
  try {
    const known = await preflight(world, planOf(rollout), rollout.findings, signal)
    await noteSecurityDefaults(world, rollout.id, known.defaults)
    return known
  } catch (error) {
    throw graphFault(error)
  }
}

/** That they were seen on is kept, whatever becomes of this start: later their going off has to be accepted. */
async function noteSecurityDefaults(world: World, id: string, defaults: SecurityDefaults): Promise<void> {
  if (!defaults.isOn) return
  await world.store.tx(async (writer) => {
    const known = (await writer.rollout(id))?.findings ?? []
    await writer.setFindings(id, withSecurityDefaults(known, defaults, world.clock.now()))
  })
}

/** Any group or policy of one is any of the other's: the people's, the administrators', or the twin. */
function sharedTarget(mine: StoredRollout, other: StoredRollout): string | undefined {
  const theirs = new Set(targetsOf(other).flatMap(({ ids }) => ids))
  return targetsOf(mine).find(({ ids }) => ids.some((id) => theirs.has(id)))?.says
}

function targetsOf(rollout: StoredRollout): { says: string; ids: string[] }[] {
  const plan = planOf(rollout)
  const policy = (name: string, id: string | null) => ({
    says: `policy ${name}`,
    ids: [`policy ${name.toLowerCase()}`, ...(id === null ? [] : [`policy ${id}`])],
  })
  const doors = doorsOf(plan).flatMap((door) => {
    const { groupId, policyId } = idsOf(rollout, door.for)
    const group = { says: `group ${door.group}`, ids: groupId === null ? [] : [`group ${groupId}`] }
    return [group, policy(door.policy, policyId)]
  })
  const twin = twinName(plan)
  return twin === null ? doors : [...doors, policy(twin, rollout.twinId)]
}
