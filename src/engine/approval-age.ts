import type { WaveContext } from '../../machines/language.ts'
import { WHOLE_BP } from '../plan/units.ts'
import type { Writer } from '../store/store.ts'
import type { Task } from '../store/tasks.ts'
import { planOf } from './plan-of.ts'
import { waveContextOf } from './step.ts'
import type { World } from './world.ts'

/** The kind of the task that looks whether an approval is still waited for. */
export const APPROVAL_DUE = 'approvalDue'

interface ApprovalOrder {
  rolloutId: string
  waveId: string
  askedAt: number
  said: number
}

interface Moment {
  state: string
  context: WaveContext
}

/** Sets the reminders of an approval that is asked for, and takes those of one that is no longer waited for away. */
export async function followApproval(
  writer: Writer,
  place: { rolloutId: string; waveId: string },
  before: Moment,
  after: Moment,
): Promise<void> {
  const asked = askedAt(after)
  if (askedAt(before) === asked) return
  await writer.dropTasks(APPROVAL_DUE, laneOf(place.waveId))
  if (asked === undefined) return
  const { rolloutId, waveId } = place
  await queueNext(writer, after.context, { rolloutId, waveId, askedAt: asked, said: 0 })
}

/** Says once that approvers have not answered yet; the hold at the end of their time is the machine's. */
export async function approvalDue(world: World, task: Task): Promise<void> {
  const order = task.data as ApprovalOrder
  await world.store.tx(async (writer) => {
    await writer.finishTask(task.id)
    const wave = await writer.wave(order.waveId)
    const context = wave && waveContextOf(wave.saved)
    if (!wave || !context || askedAt({ state: wave.state, context }) !== order.askedAt) return
    const percent = (await sharesOf(writer, order.rolloutId))[order.said]
    if (percent === undefined || context.wakeAt === null) return
    const { approvals = [], settings } = context
    await writer.append({
      at: world.clock.now(),
      rolloutId: order.rolloutId,
      waveId: order.waveId,
      type: 'approval.reminder',
      actor: 'wavegate',
      reason: `${approvals.length} of ${settings.quorum ?? 1} approvers have said yes`,
      data: { percent: percent / 100, given: approvals, until: context.wakeAt },
    })
    await queueNext(writer, context, { ...order, said: order.said + 1 })
  })
}

function askedAt({ state, context }: Moment): number | undefined {
  return state === 'awaitingApproval' && context.settings.approval ? context.approvalAskedAt : undefined
}

async function queueNext(writer: Writer, { settings }: WaveContext, order: ApprovalOrder): Promise<void> {
  const share = (await sharesOf(writer, order.rolloutId))[order.said]
  if (share === undefined || settings.answerWithinMs === undefined) return
  const runAt = order.askedAt + Math.round((share / WHOLE_BP) * settings.answerWithinMs)
  await writer.enqueue({ kind: APPROVAL_DUE, lane: laneOf(order.waveId), data: order, runAt })
}

function laneOf(waveId: string): string {
  return `approval:${waveId}`
}

async function sharesOf(writer: Writer, rolloutId: string): Promise<readonly number[]> {
  const rollout = await writer.rollout(rolloutId)
  return rollout ? planOf(rollout).holds.remindAtBp : []
}
