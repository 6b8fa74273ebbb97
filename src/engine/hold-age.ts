import type { Hold } from '../../machines/language.ts'
import type { CompiledHolds } from '../plan/compiled-plan.ts'
import { sayDuration, WHOLE_BP } from '../plan/units.ts'
import type { Writer } from '../store/store.ts'
import type { Task } from '../store/tasks.ts'
import { planOf } from './plan-of.ts'
import { rolloutContextOf, waveContextOf } from './step.ts'
import type { World } from './world.ts'

/** The kind of the task that looks whether a hold still stands. */
export const HOLD_DUE = 'holdDue'

interface Place {
  at: number
  rolloutId: string
  waveId: string | null
}

/** Which hold, and how many of its reminders were said. */
interface HoldOrder {
  rolloutId: string
  waveId: string | null
  kind: Hold['kind']
  gate: string | null
  since: number
  said: number
}

/** Sets a timer for each hold that begins and takes that of one that ended away. */
export async function followHolds(
  writer: Writer,
  { rolloutId, waveId }: Place,
  before: readonly Hold[],
  after: readonly Hold[],
): Promise<void> {
  const isIn = (holds: readonly Hold[]) => (hold: Hold) => holds.some((other) => isSameHold(hold, other))
  for (const hold of before.filter((one) => !isIn(after)(one)))
    await writer.dropTasks(HOLD_DUE, laneOf(waveId ?? rolloutId, hold))
  const begun = after.filter((one) => !isIn(before)(one))
  if (begun.length === 0) return
  const rules = await rulesOf(writer, rolloutId)
  if (!rules) return
  for (const { kind, gate = null, since } of begun)
    await queueNext(writer, rules, { rolloutId, waveId, kind, gate, since, said: 0 })
}

/** Says once that a hold still stands. Says, nothing else: nobody is moved because time passed. */
export async function holdDue(world: World, task: Task): Promise<void> {
  const order = task.data as HoldOrder
  await world.store.tx(async (writer) => {
    await writer.finishTask(task.id)
    const rules = await rulesOf(writer, order.rolloutId)
    const hold = (await holdsOf(writer, order)).find((one) => isSameHold(one, order))
    if (!rules || !hold) return
    const { rolloutId, waveId, said } = order
    const about = { at: world.clock.now(), rolloutId, waveId, actor: 'wavegate' }
    const share = rules.remindAtBp[said]
    if (share === undefined) {
      const type = rules.onExpire === 'escalate' ? 'hold.escalated' : 'hold.expired'
      const reason = `it has stood for ${sayDuration(rules.expireAfterMs)}: ${hold.reason}`
      return await writer.append({ ...about, type, reason, data: { hold } })
    }
    const data = { hold, percent: share / 100, expiresAt: expiryOf(hold, rules) }
    await writer.append({ ...about, type: 'hold.reminder', reason: hold.reason, data })
    await queueNext(writer, rules, { ...order, said: said + 1 })
  })
}

/** When a hold has stood too long. */
export function expiryOf({ since }: Pick<Hold, 'since'>, rules: CompiledHolds): number {
  return since + rules.expireAfterMs
}

async function queueNext(writer: Writer, rules: CompiledHolds, order: HoldOrder): Promise<void> {
  const share = rules.remindAtBp[order.said] ?? WHOLE_BP
  const runAt = order.since + Math.round((share / WHOLE_BP) * rules.expireAfterMs)
  const lane = laneOf(order.waveId ?? order.rolloutId, order)
  await writer.enqueue({ kind: HOLD_DUE, lane, data: order, runAt })
}

type Which = { kind: Hold['kind']; gate?: string | null | undefined; since: number }

function isSameHold(one: Which, other: Which): boolean {
  return one.kind === other.kind && (one.gate ?? null) === (other.gate ?? null) && one.since === other.since
}

function laneOf(instance: string, { kind, gate, since }: Which): string {
  return `hold:${instance}:${kind}:${gate ?? ''}:${since}`
}

async function rulesOf(writer: Writer, rolloutId: string): Promise<CompiledHolds | undefined> {
  const rollout = await writer.rollout(rolloutId)
  return rollout && planOf(rollout).holds
}

async function holdsOf(writer: Writer, { rolloutId, waveId }: HoldOrder): Promise<readonly Hold[]> {
  if (waveId === null) {
    const rollout = await writer.rollout(rolloutId)
    return rollout ? rolloutContextOf(rollout.saved).holds : []
  }
  const wave = await writer.wave(waveId)
  return wave ? waveContextOf(wave.saved).holds : []
}
