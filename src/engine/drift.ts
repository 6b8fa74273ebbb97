import type { RolloutState } from '../../machines/language.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { FindingCode } from '../methods/policy-switch.ts'
import type { Drift, Finding } from '../store/drift.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import type { Task } from '../store/tasks.ts'
import { readDrift } from './drift-findings.ts'
import { perUserFindings } from './drift-per-user.ts'
import { type LookOrder, queueLook } from './drift-record.ts'
import { sayDrift } from './drift-words.ts'
import { jobFailure, type Refused } from './job.ts'
import { type Bare, giveBack, leftBare } from './left-bare.ts'
import { rolloutContextOf } from './step.ts'
import { tellRollout } from './tell.ts'
import type { World } from './world.ts'

const AT_WORK: readonly RolloutState[] = [
  'running',
  'rollingBack',
  'rollbackFailed',
  'graduating',
  'graduated',
]

/** The regular look at policy and group; queues the next one for as long as the rollout can be taken back. */
export async function look(world: World, task: Task, signal: AbortSignal): Promise<void> {
  const order = task.data as LookOrder
  const rollout = await world.store.read.rollout(order.rolloutId)
  if (!rollout) return
  const period = periodOf(world, rollout)
  if (period === undefined) return await endLooking(world, task, rollout.id)
  // While the policy is being widened it is not as recorded, by our own hand.
  const isOurDoing = rollout.state === 'graduating' || (await isUnderAnother(world, rollout))
  const seen = isOurDoing ? undefined : await found(world, rollout, order.suspects, signal)
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.finishTask(task.id)
    const now = await writer.rollout(rollout.id)
    // What moved on meanwhile may be what was seen: a disarm, a rollback.
    const isSame = now?.version === rollout.version
    const suspects = seen && isSame ? await take(writer, rollout.id, at, seen, order.suspects) : []
    const next = suspects.length > 0 ? world.times.driftConfirmMs : period
    await queueLook(writer, { rolloutId: rollout.id, suspects }, at + next)
  })
}

/** Another run is at work on the same group: what it changes is nobody else's hand, and it looks for itself. */
async function isUnderAnother(world: World, { id, groupId, state }: StoredRollout): Promise<boolean> {
  if (state === 'running' || groupId === null) return false
  const all = await world.store.read.rollouts()
  return all.some((one) => one.id !== id && one.groupId === groupId && AT_WORK.includes(one.state))
}

/** How long until the next look; undefined: nobody looks any more. */
function periodOf(world: World, rollout: StoredRollout): number | undefined {
  if (rollout.state === 'running' || rollout.state === 'graduating') return world.times.driftMs
  if (!rollout.state.startsWith('completed') && rollout.state !== 'graduated') return undefined
  const { endedAt, rollbackWindowMs } = rolloutContextOf(rollout.saved)
  const isOpen = world.clock.now() <= (endedAt ?? 0) + rollbackWindowMs
  return isOpen ? world.times.driftAfterMs : undefined
}

interface Seen {
  findings: Finding[]
  bare: Bare[]
}

/** undefined: the tenant could not be read, which says nothing about it. */
async function found(
  world: World,
  rollout: StoredRollout,
  suspects: readonly string[],
  signal: AbortSignal,
): Promise<Seen | undefined> {
  const ask = { lane: 'scan', signal } as const
  try {
    const people = await perUserFindings(world, rollout, suspects.flatMap(personIn), ask)
    const findings = await readDrift(world, rollout, ask)
    return { findings: [...findings, ...people], bare: await leftBare(world, rollout, findings, ask) }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    const at = world.clock.now()
    const { code, message: reason } = jobFailure(error)
    const event = {
      at,
      rolloutId: rollout.id,
      type: 'drift.notRead',
      actor: 'wavegate',
      reason,
      data: { code },
    }
    await world.store.tx((writer) => writer.append(event))
    return undefined
  }
}

async function endLooking(world: World, task: Task, rolloutId: string): Promise<void> {
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.finishTask(task.id)
    const open = await writer.openDrift(rolloutId)
    const reason = 'nobody looks any more'
    await writer.settleDrift(
      open.map((one) => one.id),
      { how: 'ended', by: 'wavegate', reason, at },
    )
    if (open.length > 0) await tellRollout(writer, rolloutId, { type: 'DRIFT_GONE', at })
  })
}

/**
 * What two readings say becomes known: of one reading alone it may be a directory that lags behind a change of ours.
 * Answers with what was seen, or missed, for the first time.
 */
async function take(
  writer: Writer,
  rolloutId: string,
  at: number,
  { findings, bare }: Seen,
  suspects: readonly string[],
): Promise<string[]> {
  const open = await writer.openDrift(rolloutId)
  const [known, seen] = [new Set(open.map(keyOf)), new Set(findings.map(keyOf))]
  const fresh = findings.filter((one) => !known.has(keyOf(one)))
  const gone = open.filter((one) => !seen.has(keyOf(one)))
  const isSeenAgain = (one: Finding) => suspects.includes(keyOf(one))
  const isMissedAgain = (one: Drift) => suspects.includes(missedKey(one))
  await settleLook(writer, rolloutId, at, fresh.filter(isSeenAgain), gone.filter(isMissedAgain), bare)
  return [
    ...fresh.filter((one) => !isSeenAgain(one)).map(keyOf),
    ...gone.filter((one) => !isMissedAgain(one)).map(missedKey),
  ]
}

function keyOf(one: Finding): string {
  return JSON.stringify([one.object, one.property, one.personId, one.personId === null ? one.after : null])
}

function personIn(suspect: string): string[] {
  const [object, , personId] = JSON.parse(suspect.replace(MISSED, '')) as [string, string, string | null]
  return object === 'person' && personId !== null ? [personId] : []
}

const MISSED = /^missed /

function missedKey(one: Finding): string {
  return `missed ${keyOf(one)}`
}

/** Keeps what is new, settles what is as recorded again, and lets the rollout hear of it. */
async function settleLook(
  writer: Writer,
  rolloutId: string,
  at: number,
  fresh: readonly Finding[],
  gone: readonly Drift[],
  bare: readonly Bare[],
): Promise<void> {
  if (fresh.length + gone.length === 0) return
  const place = { at, rolloutId, actor: 'wavegate' }
  if (gone.length > 0) {
    const reason = 'found as recorded again'
    const ids = gone.map((one) => one.id)
    await writer.settleDrift(ids, { how: 'asRecordedAgain', by: 'wavegate', reason, at })
    await writer.append({ ...place, type: 'drift.gone', reason, data: { findings: sayDrift(gone) } })
  }
  if (fresh.length > 0) {
    await writer.insertDrift(rolloutId, at, fresh)
    const says = sayDrift(fresh)
    await writer.append({ ...place, type: 'drift.found', reason: says.join('; '), data: { findings: says } })
    await giveBack(writer, rolloutId, at, bare, await writer.openDrift(rolloutId))
  }
  await tellDrift(writer, rolloutId, at)
}

/** The hold as the open findings are now; none: it is lifted. */
export async function tellDrift(writer: Writer, rolloutId: string, at: number): Promise<void> {
  const open = await writer.openDrift(rolloutId)
  const seen = open.at(-1)?.id
  if (seen === undefined) await tellRollout(writer, rolloutId, { type: 'DRIFT_GONE', at })
  else await tellRollout(writer, rolloutId, { type: 'DRIFTED', at, reason: sayDrift(open).join('; '), seen })
}

/** Refusals on the way in that may be another hand's doing since people began to join. */
const BY_ANOTHER_HAND: readonly FindingCode[] = [
  'policyTurnedOff',
  'policyDiffers',
  'policyForeign',
  'groupMissing',
  'groupDynamic',
  'groupSynchronised',
  'groupRoleAssignable',
  'groupNotSecurity',
  'groupNested',
  'groupHoldsGroups',
  'groupForeign',
  'groupNotEmpty',
]

/** A job was refused: where a look says that it is drift, the rollout is held by that. False: it is something else. */
export async function isHeldForDrift(
  world: World,
  rolloutId: string,
  refused: Refused,
  signal: AbortSignal,
): Promise<boolean> {
  if (!refused.findings.every(({ code }) => BY_ANOTHER_HAND.includes(code))) return false
  const rollout = await world.store.read.rollout(rolloutId)
  if (!rollout) return false
  const findings = await readDrift(world, rollout, { lane: 'verify', signal })
  if (findings.length === 0) return false
  const bare = await leftBare(world, rollout, findings, { lane: 'verify', signal })
  const at = world.clock.now()
  return await world.store.tx(async (writer) => {
    const known = new Set((await writer.openDrift(rolloutId)).map(keyOf))
    const fresh = findings.filter((one) => !known.has(keyOf(one)))
    await settleLook(writer, rolloutId, at, fresh, [], bare)
    const now = await writer.rollout(rolloutId)
    return now !== undefined && rolloutContextOf(now.saved).holds.some((hold) => hold.kind === 'drift')
  })
}
