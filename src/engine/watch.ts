import type { WaveState } from '../../machines/language.ts'
import { breathe } from '../clock/breathe.ts'
import { plannedWave } from '../plan/planned-wave.ts'
import type { Member } from '../store/members.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import type { Task } from '../store/tasks.ts'
import { type PersonEvidence, readBudgets, readPeople } from './budgets.ts'
import {
  type CrossingOrder,
  isCrossing,
  mayRetire,
  queueRetire,
  wavesStillCrossing,
  wordsCountSince,
} from './crossing.ts'
import { meanwhile, recordGates } from './gate-record.ts'
import { readHabits } from './habits.ts'
import { readSignIns } from './intake.ts'
import { demandOf, planOf, type WaveJob } from './job.ts'
import { noteKeepers } from './keepers.ts'
import { noteLateProofs } from './late-proofs.ts'
import { membersAmong, requestedOf } from './many-members.ts'
import { inParts } from './side-by-side.ts'
import { queueWatch, tellWave } from './tell.ts'
import type { World } from './world.ts'

/** Facts written in one transaction. */
const PEOPLE_A_WRITE = 20

type Watched = Pick<WaveJob, 'rollout' | 'wave' | 'planned'>

/** While a wave is in one of these, the sign-in log is read regularly. */
export const WATCHED: readonly WaveState[] = ['enforcing', 'soaking', 'judging']

/** Waves under way, and completed ones whose people may still be proven and go over. */
export async function watchedWaves(world: World): Promise<StoredWave[]> {
  const { read } = world.store
  return [...(await read.wavesIn(WATCHED)), ...(await wavesStillCrossing(read, world.clock.now()))]
}

/** The regular reading of the log: takes it in, judges the budgets of every wave under way, and queues the next one. */
export async function watchSignIns(world: World, task: Task, signal: AbortSignal): Promise<void> {
  const before = await watchedWaves(world)
  if (before.length > 0) await takeIn(world, before, signal)
  await world.store.tx(async (writer) => {
    await writer.finishTask(task.id)
    const goesOn =
      (await writer.wavesIn(WATCHED)).length > 0 ||
      (await wavesStillCrossing(writer, world.clock.now())).length > 0
    if (goesOn) await queueWatch(writer, world.clock.now() + world.times.intakeMs)
  })
}

/** Reads the log and lets every wave under way hear what it says. */
export async function takeIn(world: World, waves: readonly StoredWave[], signal: AbortSignal): Promise<void> {
  const rollouts = await rolloutsOf(world, waves)
  const underWay = new Set(waves.filter(({ state }) => WATCHED.includes(state)).map((one) => one.rolloutId))
  const watched = new Set<string>()
  for (const { id } of rollouts.values()) {
    for (const wave of await world.store.read.wavesOf(id)) {
      // Of a rollout that is over, only who may still go over.
      for (const person of await requestedOf(world, wave.id, !underWay.has(id))) watched.add(person)
    }
  }
  const since = Math.min(...(await Promise.all(waves.map((wave) => wantedSince(world, wave)))))
  const withAskers = [...rollouts.values()].some((one) => planOf(one).enforce.by === 'per-user-mfa')
  const window = await readSignIns(world, watched, { since, withAskers }, signal)
  await world.store.tx((writer) => writer.recordIntake(window))
  for (const wave of waves) {
    const rollout = rollouts.get(wave.rolloutId)
    const planned = rollout && plannedWave(planOf(rollout), wave.position)
    if (rollout && planned) await letHear(world, { rollout, wave, planned }, signal)
  }
}

async function wantedSince(world: World, wave: StoredWave): Promise<number> {
  const begun = wave.enforcingAt ?? world.clock.now()
  if (wave.state !== 'completed') return begun
  return Math.max(begun, await wordsCountSince(world.store.read, wave.rolloutId))
}

async function rolloutsOf(world: World, waves: readonly StoredWave[]): Promise<Map<string, StoredRollout>> {
  const found = new Map<string, StoredRollout>()
  for (const id of new Set(waves.map((wave) => wave.rolloutId))) {
    const rollout = await world.store.read.rollout(id)
    if (rollout) found.set(id, rollout)
  }
  return found
}

/** Proven and locked out, per person, as the log says now. */
async function noteFacts(world: World, watched: Watched, people: readonly PersonEvidence[]): Promise<void> {
  const members = await membersAmong(
    world,
    watched.rollout.id,
    people.map((person) => person.personId),
  )
  const known = new Map(members.map((one) => [one.personId, one]))
  const looksOn = isCrossing(watched.rollout)
  const changed = people.filter((person) => hasChanged(person, known.get(person.personId), looksOn))
  for (const some of inParts(changed, PEOPLE_A_WRITE)) {
    await writeFacts(world, watched.rollout, watched.wave, some, known)
    await breathe(world.clock)
  }
}

/** `looksOn`: a newer proof is news too. */
function hasChanged(person: PersonEvidence, member: Member | undefined, looksOn: boolean): boolean {
  if (!member) return false
  if (looksOn && person.lastProvenAt !== member.lastProvenAt) return true
  const everBefore = member.lockedOutAt !== null
  return (
    person.firstProvenAt !== member.provenAt ||
    person.everLockedOut !== everBefore ||
    person.lockedOutNow !== member.lockedOutNow
  )
}

async function writeFacts(
  world: World,
  rollout: StoredRollout,
  wave: StoredWave,
  people: readonly PersonEvidence[],
  known: ReadonlyMap<string, Member>,
): Promise<void> {
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    for (const person of people) {
      const first = person.incidents[0]?.at ?? null
      await writer.setMembers(rollout.id, [person.personId], {
        proven_at: person.firstProvenAt,
        last_proven_at: person.lastProvenAt,
        locked_out_at: first,
        locked_out_now: person.lockedOutNow ? 1 : 0,
      })
      if (person.lockedOutNow && !known.get(person.personId)?.lockedOutNow) {
        const incident = person.incidents.find((one) => one.endedAt === null)
        await writer.append({
          at,
          rolloutId: rollout.id,
          waveId: wave.id,
          personId: person.personId,
          type: 'member.lockedOut',
          actor: 'wavegate',
          reason: incident?.class ?? '',
          data: { since: incident?.at ?? null, signIn: incident?.signInId ?? null },
        })
      }
    }
  })
}

/** Whoever met trouble at a place we cannot judge is looked into first. */
async function peopleAsKnown(
  world: World,
  waveId: string,
  policyId: string,
  signal: AbortSignal,
): Promise<PersonEvidence[]> {
  const people = await readPeople(world, waveId, policyId)
  return (await readHabits(world, waveId, people, signal))
    ? await readPeople(world, waveId, policyId)
    : people
}

/** Whoever is proven now loses per-user MFA; of a completed wave, who was not proven by then is named. */
async function goOver(world: World, order: CrossingOrder, signal: AbortSignal): Promise<void> {
  const { read } = world.store
  const now = world.clock.now()
  if ((await mayRetire(read, order, now)) !== 'now') return
  if ((await read.wave(order.waveId))?.state === 'completed') await noteKeepers(world, order, signal)
  const since = await wordsCountSince(read, order.rolloutId)
  if ((await read.toRetire(order.waveId, since, 1)).length === 0) return
  await world.store.tx((writer) => queueRetire(writer, order, now))
}

async function letHear(world: World, watched: Watched, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { rollout, wave } = watched
  if (wave.state === 'completed') {
    await noteLateProofs(world, rollout, wave)
    return await goOver(world, { rolloutId: rollout.id, waveId: wave.id }, signal)
  }
  const demand = demandOf(rollout, watched.planned)
  const people = demand === null ? [] : await peopleAsKnown(world, wave.id, demand, signal)
  await noteFacts(world, watched, people)
  if (isCrossing(rollout)) await goOver(world, { rolloutId: rollout.id, waveId: wave.id }, signal)
  const results = await readBudgets(world, watched, { people })
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await recordGates(writer, watched, at, results)
    await tellWave(writer, wave.id, { type: 'EVIDENCE_READ', at, gates: results.map(meanwhile) })
  })
}
