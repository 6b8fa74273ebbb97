import { GraphFailure } from '../graph/errors.ts'
import { plannedWave } from '../plan/planned-wave.ts'
import type { Sendable } from '../store/notices.ts'
import type { Task } from '../store/tasks.ts'
import { sayOnce } from './crossing.ts'
import { type NoticesOrder, queueNotices } from './follow-notices.ts'
import { FROZEN_KEY } from './frozen-key.ts'
import { ChunkCut } from './held.ts'
import { Refused, refuse } from './job.ts'
import { SENDER_REMEDY } from './notices-before-wave.ts'
import { isPlanApproved } from './plan-approval.ts'
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
  const later = async () => {
    const again = world.clock.now() + world.times.recheckMs
    await world.store.tx((writer) => queueNotices(writer, order, again))
  }
  try {
    // Nothing is read for a wave of which nothing is due.
    const { read } = world.store
    const first = may.first && (await read.waitingForFirst(order.waveId)) > 0
    const at = await read.nextNoticeAt(order.waveId, may)
    if (!first && at === null) return
    const leave = await leaveToWrite(world, order)
    if (leave === 'never') return
    if (leave === 'later') return await later()
    if (first || (at !== null && at <= world.clock.now())) await sendDueNotices(await barred(mailing), may)
    const nextAt = await read.nextNoticeAt(order.waveId, may)
    if (nextAt !== null) await world.store.tx((writer) => queueNotices(writer, order, nextAt))
  } catch (error) {
    if (error instanceof ChunkCut)
      return (await leaveToWrite(world, order)) === 'later' ? await later() : undefined
    if (error instanceof SenderRefused) return await stopFor(world, order, error)
    if (error instanceof Refused) await sayOnce(world, order, 'notices.wait', error.message)
    else if (!(error instanceof GraphFailure)) throw error
    world.log.warn({ err: error, order }, 'notices could not be sent; it is tried again')
    await later()
  }
}

/** Frozen, nothing goes out anywhere; and nobody is written to by a text of the plan that nobody has approved. */
async function leaveToWrite(world: World, { rolloutId }: NoticesOrder): Promise<'now' | 'later' | 'never'> {
  const { read } = world.store
  const rollout = await read.rollout(rolloutId)
  if (!rollout) return 'never'
  if (await read.setting(FROZEN_KEY)) return 'later'
  if (await isPlanApproved(read, rollout, rollout.startedBy)) return 'now'
  return rollout.state === 'running' ? 'later' : 'never'
}

/** Whoever of these rollouts is under MFA still is so because it has not been undone yet. */
const TAKEN_BACK: readonly string[] = ['rollingBack', 'rolledBack', 'rollbackFailed']

/** Which notices may go out as the wave stands; undefined: none. */
async function sendable(world: World, { rolloutId, waveId }: NoticesOrder): Promise<Sendable | undefined> {
  const { read } = world.store
  const [rollout, wave] = [await read.rollout(rolloutId), await read.wave(waveId)]
  if (!rollout || !wave || TAKEN_BACK.includes(rollout.state)) return undefined
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
    const isHeld = !(await sendable(world, order)) || (await leaveToWrite(world, order)) !== 'now'
    if (isHeld) throw new ChunkCut('held')
  }
  const protectedPeople: ReadonlySet<string> = new Set()
  return { world, rollout, wave, plan, notices, testUsers, protectedPeople, refuseHeld, signal }
}

async function barred(mailing: Mailing): Promise<Mailing> {
  const { world, plan, signal } = mailing
  const { people, findings } = await readProtection(world, plan, { lane: 'change', signal })
  refuse(findings)
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
