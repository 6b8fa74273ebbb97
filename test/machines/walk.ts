import type {
  Effect,
  GateWord,
  RolloutContext,
  RolloutEvent,
  Saved,
  WaveContext,
  WaveEvent,
  WaveSettings,
} from '../../machines/language.ts'
import type { RolloutInput } from '../../machines/rollout-steps.ts'
import {
  beginRollout,
  beginWave,
  next,
  rolloutContextOf,
  type Stepped,
  waveContextOf,
} from '../../src/engine/step.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** A Monday morning; every walk begins here. */
export const START = Date.UTC(2027, 0, 4, 8)

export const SETTINGS: WaveSettings = {
  position: 0,
  approval: true,
  answerWithinMs: 3 * DAY,
  soakMs: 2 * DAY,
  paceMs: HOUR,
  settlingMs: 2 * HOUR,
  propagationMs: DAY,
  recheckMs: 10 * MINUTE,
  rollbackWindowMs: 30 * DAY,
}

export const ROLLOUT: RolloutInput = { waves: 3, recheckMs: 10 * MINUTE, rollbackWindowMs: 30 * DAY }

export const pass = (gate: string): GateWord => ({ gate, verdict: 'pass', why: 'as it should be' })
export const fail = (gate: string): GateWord => ({ gate, verdict: 'fail', why: 'below its threshold' })
export const unknown = (gate: string): GateWord => ({ gate, verdict: 'unknown', why: 'noData' })
export const spent = (gate: string): GateWord => ({ gate, verdict: 'fail', why: 'spent', spent: true })

type WaveType = WaveEvent['type']
type RolloutType = RolloutEvent['type']
type Rest<E, T> = Partial<Omit<Extract<E, { type: T }>, 'type' | 'at'>>

const command = { by: 'Ida Holm', reason: 'because' }
const failure = { code: 'serviceNotAvailable', message: 'Microsoft did not answer', passing: false }

/** What a wave hears when nothing special happens; answers are to the attempt and the wake it waits for. */
export function waveEvent<T extends WaveType>(
  type: T,
  context: WaveContext,
  at: number,
  rest: Rest<WaveEvent, T> = {},
): WaveEvent {
  const { attempt, wakeToken: token } = context
  const usual: Record<WaveType, object> = {
    REVISED: { ...command, approval: true, paceMs: HOUR, held: false },
    SKIP: command,
    EXTEND: { ...command, ms: 3_600_000 },
    SHORTEN: { ...command, ms: 3_600_000 },
    ACCEPT: { ...command, counts: { lockedOut: 3 } },
    BEGIN: {},
    COHORT_FROZEN: { attempt, members: 100, cohort: 'sha256:c0' },
    PREPARED: { attempt, left: 0, unknown: 0 },
    READINESS_JUDGED: { attempt, gates: [pass('readiness')], toEnforce: 90 },
    APPROVE: { by: 'Per Lund', reason: 'looks good' },
    REJECT: { by: 'Per Lund', reason: 'not this week' },
    BATCH_ENFORCED: { attempt, left: 0, unknown: 0, paceLeft: 0, inPlaceAt: at, gates: [pass('lockedOut')] },
    EVIDENCE_READ: { gates: [pass('lockedOut')] },
    JUDGED: { attempt, gates: [pass('lockedOut'), pass('seen')], leftovers: 10 },
    CONFIRMED: {},
    RESTORED: { attempt, failed: 0, unknown: 0 },
    WORK_FAILED: { attempt, ...failure },
    WOKE: { token },
    PAUSE: command,
    RESUME: command,
    ADVANCE: { ...command, gates: [] },
    RETRY: command,
    ABORT: command,
    ROLLBACK: { ...command, above: false },
    ASK_AGAIN: command,
    HELD_ABOVE: {},
    RELEASED_ABOVE: {},
  }
  return { type, at, ...usual[type], ...rest } as unknown as WaveEvent
}

export function rolloutEvent<T extends RolloutType>(
  type: T,
  context: RolloutContext,
  at: number,
  rest: Rest<RolloutEvent, T> = {},
): RolloutEvent {
  const { attempt, wakeToken: token } = context
  const restored = { wave: Math.max(0, context.restoring), clean: true, leftovers: 100, ...command }
  const usual: Record<RolloutType, object> = {
    START: command,
    WAVE_SOAKING: { wave: context.current },
    WAVE_COMPLETED: { wave: context.current, leftovers: 0 },
    WAVE_REJECTED: { wave: context.current, by: 'Per Lund', reason: 'not this week' },
    WAVE_SKIPPED: { wave: context.current, leftovers: 10 },
    REVISED: {
      ...command,
      waves: context.waves,
      rollbackWindowMs: context.rollbackWindowMs,
      current: { approval: true, paceMs: HOUR },
    },
    FREEZE: command,
    THAW: command,
    DISARM: command,
    REARM: command,
    DRIFTED: { reason: 'state: enabled → disabled', seen: 1 },
    DRIFT_GONE: {},
    LOST: { wave: 0, people: 1 },
    ACCEPT: command,
    REVERT: { ...command, again: [] },
    WAVE_ROLLING_BACK: { wave: Math.max(0, context.current), ...command },
    WAVE_RESTORED: restored,
    GRADUATE: command,
    GRADUATED: { attempt },
    NARROWED: { attempt },
    WAVE_LEFT_IN: { wave: Math.max(0, context.restoring) },
    SWITCHED_BACK: { attempt },
    LEFTOVERS_COUNTED: { attempt, waves: context.waves + 1, leftovers: 4, open: 4, ready: 2 },
    WORK_FAILED: { attempt, ...failure },
    WOKE: { token },
    PAUSE: command,
    RESUME: command,
    ABORT: command,
    ROLLBACK: command,
  }
  return { type, at, ...usual[type], ...rest } as unknown as RolloutEvent
}

/** What a store does between two events: the instance becomes text and is read again. */
export function stored(saved: Saved): Saved {
  return JSON.parse(JSON.stringify(saved))
}

type Usual<E extends { type: string }, C> = (type: E['type'], context: C, at: number, rest: object) => E

/** One instance walked through its events, by way of the store between every two of them. */
export class Walk<E extends RolloutEvent | WaveEvent, C extends RolloutContext | WaveContext> {
  at = START
  private last: Stepped
  private readonly read: (saved: Saved) => C
  private readonly usual: Usual<E, C>

  constructor(begun: Stepped, read: (saved: Saved) => C, usual: Usual<E, C>) {
    this.last = begun
    this.read = read
    this.usual = usual
  }

  after(ms: number): this {
    this.at += ms
    return this
  }

  /** The moment the instance asked to be woken at. */
  atWake(): this {
    this.at = Math.max(this.at, this.context.wakeAt ?? this.at)
    return this
  }

  hears<T extends E['type']>(type: T, rest: Rest<E, T> = {}): this {
    return this.takes(this.usual(type, this.context, this.at, rest))
  }

  takes(event: E): this {
    this.last = next(stored(this.last.saved), event)
    return this
  }

  /** Another walk from here on; this one stays where it is. */
  fork(): Walk<E, C> {
    const other = new Walk<E, C>({ ...this.last, saved: this.saved }, this.read, this.usual)
    other.at = this.at
    return other
  }

  get saved(): Saved {
    return stored(this.last.saved)
  }
  get state(): string {
    return this.last.state
  }
  get moved(): boolean {
    return this.last.moved
  }
  get effects(): Effect[] {
    return this.last.effects
  }
  get work(): string[] {
    return this.effects.flatMap((effect) => (effect.type === 'work' ? [effect.work] : []))
  }
  get context(): C {
    return this.read(this.last.saved)
  }
  get holds(): string[] {
    return this.context.holds.map((hold) => hold.kind).sort()
  }
}

export type WaveWalk = Walk<WaveEvent, WaveContext>
export type RolloutWalk = Walk<RolloutEvent, RolloutContext>

export function walkWave(settings: Partial<WaveSettings> = {}): WaveWalk {
  return new Walk<WaveEvent, WaveContext>(beginWave({ ...SETTINGS, ...settings }), waveContextOf, waveEvent)
}

export function walkRollout(input: Partial<RolloutInput> = {}): RolloutWalk {
  return new Walk<RolloutEvent, RolloutContext>(
    beginRollout({ ...ROLLOUT, ...input }),
    rolloutContextOf,
    rolloutEvent,
  )
}
