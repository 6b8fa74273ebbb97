import { planOf } from '../engine/job.ts'
import { preflight } from '../engine/preflight.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { graphFault } from './graph-fault.ts'

const LIVE: readonly string[] = ['running', 'rollingBack', 'rollbackFailed', 'graduating', 'graduated']

export interface Startable {
  /** Of the group people will join, where there is one. */
  groupId: string | null
  /** What whoever starts has to know. */
  notes: string[]
  /** Who is in the group already, and stays in it adopted by name. */
  adopted: string[]
}

/** @throws preflightFailed, targetInUse, clockSkewed */
export async function checkStart(
  world: World,
  rollout: StoredRollout,
  signal: AbortSignal,
): Promise<Startable> {
  const { findings, groupId, notes, adopted } = await checked(world, rollout, signal)
  refuseSkewedClock(world)
  refuseTargetInUse(rollout, groupId, await world.store.read.rollouts())
  const [first] = findings
  const needsGroup = planOf(rollout).enforce.by === 'conditional-access'
  if (first || (needsGroup && groupId === null)) {
    throw fault('preflightFailed', {
      first: first ? `${first.message} ${first.hint}` : 'the group was not found',
      findings,
    })
  }
  const says = notes.map(({ message, hint }) => `${message} ${hint}`)
  if (adopted.length > 0) says.push(`${adopted.length} people in the group are adopted, and in no wave.`)
  return { groupId, notes: says, adopted }
}

/** The most that our clock may differ from Graph's, milliseconds. */
const mostSkew = 5 * 60_000

/** Graph has just been asked: its clock is known. @throws clockSkewed */
function refuseSkewedClock(world: World): void {
  const { skew } = world.graphClock() ?? { skew: 0 }
  if (Math.abs(skew) <= mostSkew) return
  const apart = `${Math.round(Math.abs(skew) / 60_000)} minutes`
  throw fault('clockSkewed', { apart, direction: skew > 0 ? 'behind' : 'ahead of' })
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
    const request = await world.store.read.adoptionRequest(rollout.id, 'adopt')
    const approved = new Set(request?.approvedBy ? request.people : [])
    return await preflight(world, planOf(rollout), approved, signal)
  } catch (error) {
    throw graphFault(error)
  }
}

function sharedTarget(
  rollout: StoredRollout,
  other: StoredRollout,
  groupId: string | null,
): string | undefined {
  if (other.groupId !== null && other.groupId === groupId) return `group ${rollout.targetGroup}`
  const isPerUser = (one: StoredRollout) => planOf(one).enforce.by === 'per-user-mfa'
  if (isPerUser(other) && isPerUser(rollout)) return 'per-user MFA of this tenant'
  const isSamePolicy = other.policyId !== null && other.policyId === rollout.policyId
  if (isSamePolicy || other.targetPolicy === rollout.targetPolicy) return `policy ${rollout.targetPolicy}`
  return undefined
}
