import { planOf } from '../engine/job.ts'
import { preflight } from '../engine/preflight.ts'
import { type SecurityDefaults, withSecurityDefaults } from '../engine/security-defaults.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { graphFault } from './graph-fault.ts'

const LIVE: readonly string[] = ['running', 'rollingBack', 'rollbackFailed']

/** @throws preflightFailed, targetInUse. Answers with the id of the group people will join. */
export async function checkStart(world: World, rollout: StoredRollout, signal: AbortSignal): Promise<string> {
  const { findings, groupId } = await checked(world, rollout, signal)
  refuseTargetInUse(rollout, groupId, await world.store.read.rollouts())
  const [first] = findings
  if (first || groupId === null) {
    throw fault('preflightFailed', {
      first: first ? `${first.message} ${first.hint}` : 'the group was not found',
      findings,
    })
  }
  return groupId
}

/** @throws targetInUse */
export function refuseTargetInUse(
  rollout: StoredRollout,
  groupId: string | null,
  all: readonly StoredRollout[],
): void {
  const others = all.filter((one) => one.id !== rollout.id && LIVE.includes(one.state))
  for (const other of others) {
    const target = sharedTarget(rollout, other, groupId)
    if (target) throw fault('targetInUse', { other: other.id, name: other.name, target })
  }
}

/**
 * Nothing of a run that has ended is taken back under another that is live: the policy and the before-images would go
 * from under it. @throws targetInUse
 */
export function refuseBackUnderAnother(rollout: StoredRollout, all: readonly StoredRollout[]): void {
  if (!LIVE.includes(rollout.state)) refuseTargetInUse(rollout, rollout.groupId, all)
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

function sharedTarget(
  rollout: StoredRollout,
  other: StoredRollout,
  groupId: string | null,
): string | undefined {
  if (other.groupId !== null && other.groupId === groupId) return `group ${rollout.targetGroup}`
  const isSamePolicy = other.policyId !== null && other.policyId === rollout.policyId
  if (isSamePolicy || other.targetPolicy === rollout.targetPolicy) return `policy ${rollout.targetPolicy}`
  return undefined
}
