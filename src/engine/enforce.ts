import type { WaveEvent } from '../../machines/language.ts'
import type { Member } from '../store/members.ts'
import { addPeople } from './add-people.ts'
import { readBudgets } from './budgets.ts'
import type { Chunk } from './chunk.ts'
import { isHeldForDrift } from './drift.ts'
import { refuseWithoutWayBack } from './emergency.ts'
import { isWaiting, meanwhile, recordGates } from './gate-record.ts'
import { ChunkCut, refuseWhenHeld } from './held.ts'
import { doorOf, finish, Refused, Superseded, type WaveJob } from './job.ts'
import { refuseUnreadyOperators } from './operators.ts'
import { readPresence, writePresence } from './presence.ts'
import { lookAtUnknown, readBackAdded, recordWhatWasSent } from './read-back-added.ts'
import { queueRevoke } from './revoke-order.ts'
import { readRoles } from './role-holders.ts'
import { inParts, sideBySide } from './side-by-side.ts'
import { waveContextOf } from './step.ts'
import { chunkOf, lookAt, type WayIn, wayIn } from './way-in.ts'
import type { World } from './world.ts'

/** People in one job. A job a person is forty times slower; a whole wave in one could not be paused. */
export const CHUNK = 200

/** Parties of one chunk on their way at a time: while one waits to be seen in place, the others use the calls there are. */
const PARTIES = 4

/**
 * One chunk of a wave: the budgets are read, the way in is checked, before-images and intents are committed, people
 * join, and nobody counts as done before the directory shows them.
 */
export async function enforce(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  const way = await wayInUnlessHeld(world, job, signal)
  const chunk = way && chunkOf(world, job, way, signal)
  if (chunk) await lookAtUnknown(chunk)
  const budgets = await readBudgets(world, job)
  const mayGoOn = budgets.every((result) => result.verdict === 'pass' || isWaiting(result))
  if (way && chunk && mayGoOn) await addBatch(chunk, way)
  const after = chunk && mayGoOn ? await readBudgets(world, job) : budgets
  const event = await batchEvent(world, job, after)
  await finish(world, job, event, async (writer) => {
    await recordGates(writer, job, event.at, after)
    await queueRevoke(writer, { rolloutId: job.rollout.id, waveId: job.wave.id }, event.at)
  })
}

/** undefined: the wave was held before the way was open. */
async function wayInUnlessHeld(world: World, job: WaveJob, signal: AbortSignal): Promise<WayIn | undefined> {
  try {
    await refuseWithoutWayBack(world, job, signal)
    return await wayIn(world, job, signal)
  } catch (error) {
    if (error instanceof ChunkCut) return undefined
    if (error instanceof Refused && (await isHeldForDrift(world, job.rollout.id, error, signal)))
      return undefined
    throw error
  }
}

async function addBatch(chunk: Chunk, way: WayIn): Promise<void> {
  const { world, job } = chunk
  const allowed = Math.min(CHUNK, await paceLeft(world, job))
  const now = world.clock.now()
  const pending = await world.store.read.toEnforceNow(job.wave.id, allowed, now, isNotified(job))
  await refuseUnreadyOperators(world, job, pending, chunk.signal)
  try {
    const parties = inParts(pending, Math.min(chunk.change.together, CHUNK))
    await sideBySide(parties, PARTIES, (party) => addParty(chunk, way, party))
  } catch (error) {
    if (!(error instanceof ChunkCut)) throw error
  }
}

async function addParty(chunk: Chunk, way: WayIn, people: readonly Member[]): Promise<void> {
  await refuseWhenHeld(chunk.world, chunk.job, chunk.signal)
  const allowed = await leaveBarredOut(chunk, way, people)
  const going = await leaveRolesOut(chunk, await leaveLeaversOut(chunk, allowed))
  await changePeople(await lookAt(chunk, way, going), way, going)
}

/** As the tenant is now: whoever is protected, and whom another rule has under MFA already. */
async function leaveBarredOut(chunk: Chunk, way: WayIn, people: readonly Member[]): Promise<Member[]> {
  const { protectedPeople, coveredElsewhere } = await way.facts()
  const unprotected = await leaveOut(chunk, people, protectedPeople, 'protected')
  const elsewhere = new Set(unprotected.map(({ personId }) => personId).filter(coveredElsewhere))
  return await leaveOut(chunk, unprotected, elsewhere, 'coveredByConditionalAccess')
}

/** Stage by stage; nobody is taken on to the next before the one before has been read back. */
async function changePeople(chunk: Chunk, way: WayIn, people: readonly Member[]): Promise<void> {
  let { seen } = chunk
  for (const stage of chunk.change.stages) {
    const here = { ...chunk, seen }
    let going = people.filter((member) => seen.has(member.personId))
    try {
      going = await leaveBarredOut(here, way, going)
      await addPeople(here, going, stage)
    } catch (error) {
      // What was sent before the end is still read back and recorded, however it ends.
      if (error instanceof ChunkCut || error instanceof Superseded) await readBackAdded(here, going, stage)
      else if (!chunk.signal.aborted) await recordWhatWasSent(here, going)
      throw error
    }
    const reached = await readBackAdded(here, going, stage)
    const were = [...seen].filter(([, image]) => chunk.change.reached(image, stage))
    seen = new Map([...were, ...reached])
  }
}

async function paceLeft(world: World, job: WaveJob): Promise<number> {
  const since = waveContextOf(job.wave.saved).batchStartedAt ?? world.clock.now()
  return Math.max(0, job.planned.pace.people - (await world.store.read.requestedSince(job.wave.id, since)))
}

/** The lint refused them, the cohort left them out; at the moment of the write they are looked for once more. */
async function leaveOut(
  { world, job }: Chunk,
  people: readonly Member[],
  which: ReadonlySet<string>,
  reason: string,
): Promise<Member[]> {
  const out = people.map((member) => member.personId).filter((id) => which.has(id))
  if (out.length > 0) {
    const place = { at: world.clock.now(), rolloutId: job.rollout.id, waveId: job.wave.id }
    await world.store.tx(async (writer) => {
      await writer.setMembers(job.rollout.id, out, { outcome: 'skipped', outcome_reason: reason })
      const data = { people: out }
      await writer.append({ ...place, type: 'members.skipped', actor: 'wavegate', reason, data })
    })
  }
  return people.filter((member) => !which.has(member.personId))
}

/**
 * Nobody joins who is not known to hold no directory role; by the administrators' own way, nobody who is not known to
 * hold one.
 */
async function leaveRolesOut(chunk: Chunk, people: readonly Member[]): Promise<readonly Member[]> {
  if (people.length === 0) return people
  const ids = people.map((member) => member.personId)
  const { holders, free } = await readRoles(chunk.world, ids, { lane: 'verify', signal: chunk.signal })
  if (doorOf(chunk.job.planned) === 'administrators') {
    return await leaveOut(chunk, people, new Set(ids.filter((id) => !holders.has(id))), 'noDirectoryRole')
  }
  const others = await leaveOut(chunk, people, holders, 'directoryRole')
  const unknown = new Set(ids.filter((id) => !holders.has(id) && !free.has(id)))
  return await leaveOut(chunk, others, unknown, 'directoryRoleUnknown')
}

/** Deleted or disabled since readiness was judged: out of the batch, and of every count. */
async function leaveLeaversOut({ world, job, signal }: Chunk, people: readonly Member[]): Promise<Member[]> {
  const presence = await readPresence(world, people, { lane: 'change', signal })
  await world.store.tx((writer) => writePresence(writer, job, world.clock.now(), people, presence))
  return people.filter(({ personId }) => !presence.gone.has(personId) && !presence.disabled.has(personId))
}

/** Everybody who is left waits for a moment of their own; undefined: somebody does not. */
async function waitsUntil(world: World, job: WaveJob): Promise<number | undefined> {
  const { read } = world.store
  const now = world.clock.now()
  if ((await read.toEnforceNow(job.wave.id, 1, now, isNotified(job))).length > 0) return undefined
  const next = await read.nextNotBefore(job.wave.id, now)
  if (!isNotified(job)) return next ?? undefined
  // The others wait for a notice, which gives them a moment of their own.
  const { pending } = await read.counts(job.wave.id)
  return pending === 0 ? undefined : Math.min(next ?? Number.POSITIVE_INFINITY, now + world.times.recheckMs)
}

/** Nobody is changed before the notices that go before it have gone out. */
function isNotified({ plan }: WaveJob): boolean {
  return plan.prepare?.notices != null
}

async function batchEvent(
  world: World,
  job: WaveJob,
  budgets: Awaited<ReturnType<typeof readBudgets>>,
): Promise<Extract<WaveEvent, { type: 'BATCH_ENFORCED' }>> {
  const counts = await world.store.read.counts(job.wave.id)
  const notBefore = await waitsUntil(world, job)
  return {
    type: 'BATCH_ENFORCED',
    at: world.clock.now(),
    attempt: job.attempt,
    left: counts.pending,
    unknown: counts.unknown,
    paceLeft: await paceLeft(world, job),
    inPlaceAt: counts.inPlaceAt,
    gates: budgets.map(meanwhile),
    ...(notBefore === undefined ? {} : { notBefore }),
  }
}
