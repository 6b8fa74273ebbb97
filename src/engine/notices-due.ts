import { GraphFailure } from '../graph/errors.ts'
import { plannedWave } from '../plan/planned-wave.ts'
import type { Sendable } from '../store/notices.ts'
import type { Task } from '../store/tasks.ts'
import { type NoticesOrder, queueNotices } from './follow-notices.ts'
import { FROZEN_KEY } from './frozen-key.ts'
import { ChunkCut } from './held.ts'
import { SENDER_REMEDY } from './notices-before-wave.ts'
import { planOf } from './plan-of.ts'
import { readProtection } from './protection.ts'
import { type Mailing, SenderRefused, sendDueNotices } from './send-notices.ts'
import { rolloutContextOf, waveContextOf } from './step.ts'
import { tellWave } from './tell.ts'
import type { World } from './world.ts'

/** Sends what is due of a wave by now, unless something holds it; then it waits until that is gone. */
export async function noticesDue(world: World, task: Task, signal: AbortSignal): Promise<void> {
  const order = task.data as NoticesOrder
  const may = await sendable(world, order)
  const mailing = may && (await mailingOf(world, order, signal))
  if (!mailing) return
  try {
    // Nothing is read for a wave of which nothing is due.
    const { read } = world.store
    const first = may.first && (await read.waitingForFirst(order.waveId)) > 0
    const at = await read.nextNoticeAt(order.waveId, may)
    if (first || (at !== null && at <= world.clock.now())) await sendDueNotices(await barred(mailing), may)
    const nextAt = await read.nextNoticeAt(order.waveId, may)
    if (nextAt !== null) await world.store.tx((writer) => queueNotices(writer, order, nextAt))
  } catch (error) {
    if (error instanceof ChunkCut) return
    if (error instanceof SenderRefused) return await stopFor(world, order, error)
    if (!(error instanceof GraphFailure)) throw error
    world.log.warn({ err: error, order }, 'notices could not be sent; it is tried again')
    const again = world.clock.now() + world.times.recheckMs
    await world.store.tx((writer) => queueNotices(writer, order, again))
  }
}

/** Which notices may go out as the wave stands; undefined: none. */
async function sendable(world: World, { rolloutId, waveId }: NoticesOrder): Promise<Sendable | undefined> {
  const { read } = world.store
  const [rollout, wave] = [await read.rollout(rolloutId), await read.wave(waveId)]
  // Rollouts that have ended are held by nothing, and write to people after their switch.
  if (!rollout || !wave || (await read.setting(FROZEN_KEY))) return undefined
  const context = waveContextOf(wave.saved)
  const isHeld =
    context.heldAbove ||
    context.holds.some(({ kind }) => kind !== 'stuck') ||
    rolloutContextOf(rollout.saved).holds.length > 0
  return isHeld ? undefined : sendableIn(wave.state)
}

function sendableIn(state: string): Sendable | undefined {
  switch (state) {
    // The first ones go out at the end of the preparation, which is under way.
    case 'preparing':
      return { first: false, middle: true, last: false, since: false }
    case 'checkingReadiness':
    case 'awaitingApproval':
      return { first: true, middle: true, last: false, since: false }
    // Its turn has come: what the last notice says of the day can be kept.
    case 'awaitingWindow':
    case 'enforcing':
      return { first: true, middle: true, last: true, since: true }
    case 'soaking':
    case 'judging':
    case 'completed':
      return { first: false, middle: false, last: false, since: true }
    default:
      return undefined
  }
}

async function mailingOf(
  world: World,
  order: NoticesOrder,
  signal: AbortSignal,
): Promise<Mailing | undefined> {
  const { read } = world.store
  const [rollout, wave] = [await read.rollout(order.rolloutId), await read.wave(order.waveId)]
  const plan = rollout && planOf(rollout)
  const notices = plan?.prepare?.notices
  const planned = plan && wave && plannedWave(plan, wave.position)
  if (!rollout || !wave || !plan || !notices || !planned) return undefined
  const { testUsers } = planned
  const refuseHeld = async () => {
    signal.throwIfAborted()
    if (!(await sendable(world, order))) throw new ChunkCut('held')
  }
  const protectedPeople: ReadonlySet<string> = new Set()
  return { world, rollout, wave, plan, notices, testUsers, protectedPeople, refuseHeld, signal }
}

async function barred(mailing: Mailing): Promise<Mailing> {
  const { world, plan, signal } = mailing
  const { people } = await readProtection(world, plan, { lane: 'change', signal })
  return { ...mailing, protectedPeople: people }
}

/** Nobody whom a notice is owed before the switch is switched; a person has to see to the mailbox. */
async function stopFor(world: World, order: NoticesOrder, { message }: SenderRefused): Promise<void> {
  const at = world.clock.now()
  const reason = `${message} ${SENDER_REMEDY}`
  await world.store.tx(async (writer) => {
    const place = { at, rolloutId: order.rolloutId, waveId: order.waveId, actor: 'wavegate' }
    await writer.append({ ...place, type: 'notice.senderRefused', reason, data: {} })
    await tellWave(writer, order.waveId, { type: 'PAUSE', at, by: 'wavegate', reason })
  })
}
