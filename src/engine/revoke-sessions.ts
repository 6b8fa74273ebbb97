import { GraphFailure } from '../graph/errors.ts'
import type { Task } from '../store/tasks.ts'
import { sayOnce } from './crossing.ts'
import { CHUNK } from './enforce.ts'
import { jobFailure, planOf } from './job.ts'
import { readProtection } from './protection.ts'
import { isWantedBack } from './retire-sight.ts'
import { noteRevoked } from './revoke-note.ts'
import { mayRevoke, queueRevoke, type RevokeOrder } from './revoke-order.ts'
import { revokePeople } from './revoke-people.ts'
import { READING_GOOD_FOR } from './switch-on.ts'
import type { World } from './world.ts'

/** Ends the sessions of people of one wave who are in place, once each. Whatever holds the wave is waited for. */
export async function revokeSessions(world: World, task: Task, signal: AbortSignal): Promise<void> {
  const order = task.data as RevokeOrder
  const next = await oneChunk(world, order, signal)
  if (next !== undefined) await world.store.tx((writer) => queueRevoke(writer, order, next))
}

/** When to look again; undefined: there is nothing left to do. */
async function oneChunk(world: World, order: RevokeOrder, signal: AbortSignal): Promise<number | undefined> {
  const { clock, store, times } = world
  const later = () => clock.now() + times.recheckMs
  const leave = await mayRevoke(store.read, order, clock.now())
  if (leave === 'never') return undefined
  if (leave === 'later') return later()
  try {
    const readAt = clock.now()
    const refused = await leaveProtected(world, order, signal)
    if (refused !== null) {
      await sayOnce(world, order, 'sessions.wait', refused)
      return later()
    }
    const people = await store.read.toRevoke(order.waveId, CHUNK)
    if (people.length === 0) return undefined
    const isCut = async () =>
      clock.now() - readAt > READING_GOOD_FOR ||
      (await mayRevoke(store.read, order, clock.now())) !== 'now' ||
      (await isWantedBack(world, order))
    const ids = people.map((member) => member.personId)
    const isThrough = await revokePeople({ world, order, signal, isCut }, ids)
    const left = await store.read.toRevoke(order.waveId, CHUNK)
    const isNew = left.some((one) => !ids.includes(one.personId))
    return isThrough && isNew ? clock.now() : later()
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    await sayOnce(world, order, 'sessions.failed', jobFailure(error).message)
    return later()
  }
}

/** Read anew: whoever is protected by now keeps their sessions. Answers with why nobody may be touched. */
async function leaveProtected(world: World, order: RevokeOrder, signal: AbortSignal): Promise<string | null> {
  const rollout = await world.store.read.rollout(order.rolloutId)
  if (!rollout) return 'the rollout is not there'
  const protection = await readProtection(world, planOf(rollout), { lane: 'change', signal })
  const [first] = protection.findings
  if (first) return `${first.message} ${first.hint}`
  const people = await world.store.read.toRevoke(order.waveId, 100_000)
  const ids = people.map((member) => member.personId).filter((id) => protection.people.has(id))
  const mark = { outcome: 'skipped', reason: 'protected' } as const
  await world.store.tx((writer) => noteRevoked(writer, order, world.clock.now(), ids, mark))
  return null
}
