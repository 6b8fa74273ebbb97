import type { Writer } from '../store/store.ts'
import type { Task } from '../store/tasks.ts'
import { gather } from './gather.ts'
import { gatherMembers } from './gather-members.ts'
import { allMembers } from './many-members.ts'
import type { World } from './world.ts'

export const GATHER = 'gather'

interface Wanted {
  /** Everything again, however new it is. */
  fromAnew?: boolean
  /** A wave whose people are asked for one by one besides. */
  waveId?: string
}

/** Asks for what is known of people to be brought up to date; what waits already serves. */
export async function askToGather(writer: Writer, at: number, wanted: Wanted = {}): Promise<void> {
  const task = { kind: GATHER, lane: GATHER, data: wanted, runAt: at }
  const isPlain = !wanted.fromAnew && wanted.waveId === undefined
  await (isPlain ? writer.enqueueOnce(task) : writer.enqueue(task))
}

export async function gatherTask(world: World, { data }: Task, signal: AbortSignal): Promise<void> {
  const { fromAnew = false, waveId } = data as Wanted
  await gather(world, signal, fromAnew)
  if (waveId === undefined) return
  const ids = (await allMembers(world, waveId)).map((member) => member.personId)
  const read = await gatherMembers(world, ids, { lane: 'scan', signal })
  const rolloutId = (await world.store.read.wave(waveId))?.rolloutId ?? null
  const event = { at: world.clock.now(), rolloutId, waveId, type: 'people.asked', actor: 'wavegate' }
  await world.store.tx((writer) => writer.append({ ...event, data: { people: ids.length, read } }))
}
