import type { Effect, RolloutEvent, WaveEvent } from '../../machines/language.ts'
import type { RolloutInput } from '../../machines/rollout-steps.ts'
import { MINUTE, type RolloutWalk, type WaveWalk, walkRollout, walkWave } from './walk.ts'

/** A rollout and its waves, which tell each other; the world's answers are given by the test. */
export class Together {
  readonly rollout: RolloutWalk
  readonly waves: WaveWalk[]
  /** What was told and asked, in order. */
  readonly log: string[] = []

  constructor(input: RolloutInput) {
    this.rollout = walkRollout(input)
    this.waves = Array.from({ length: input.waves }, (_, position) =>
      walkWave({ position, ...(input.prepares ? { prepares: true } : {}) }),
    )
  }

  toRollout(type: RolloutEvent['type'], rest: object = {}): this {
    this.pass()
    this.rollout.hears(type, rest)
    return this.deliver(null, this.rollout)
  }

  toWave(position: number, type: WaveEvent['type'], rest: object = {}): this {
    this.pass()
    const wave = this.wave(position)
    wave.hears(type, rest)
    return this.deliver(position, wave)
  }

  wave(position: number): WaveWalk {
    const wave = this.waves[position]
    if (!wave) throw new Error(`there is no wave ${position}`)
    return wave
  }

  /** Gives the good answer to whatever waits, wakes what wants to be woken, approves; until nothing is left to do. */
  onward(): this {
    for (let round = 0; round < 200; round += 1) {
      const position = this.waves.findIndex((wave) => awaited(wave) !== null)
      const own = awaited(this.rollout)
      if (own !== null) this.toRollout(own as RolloutEvent['type'])
      else if (position >= 0) this.toWave(position, awaited(this.wave(position)) as WaveEvent['type'])
      else return this
    }
    throw new Error(`it does not come to rest: ${this.log.slice(-10).join(', ')}`)
  }

  private pass(): void {
    const latest = Math.max(this.rollout.at, ...this.waves.map((wave) => wave.at)) + MINUTE
    for (const walk of [this.rollout, ...this.waves]) walk.at = latest
  }

  private deliver(position: number | null, walk: RolloutWalk | WaveWalk): this {
    if (walk.moved) for (const effect of walk.effects) this.carry(position, effect)
    return this
  }

  private carry(position: number | null, effect: Effect): void {
    if (effect.type === 'work') this.log.push(position === null ? effect.work : `${effect.work} ${position}`)
    if (effect.type === 'tellWave') {
      this.log.push(`${effect.event.type} ${effect.wave}`)
      this.deliver(effect.wave, this.wave(effect.wave).takes(effect.event))
      if (effect.also !== undefined) {
        this.log.push(`${effect.event.type} ${effect.also}`)
        this.deliver(effect.also, this.wave(effect.also).takes(effect.event))
      }
    }
    if (effect.type === 'tellRollout') this.deliver(null, this.rollout.takes(effect.event))
  }
}

const ANSWERS = {
  freezeCohort: 'COHORT_FROZEN',
  prepare: 'PREPARED',
  judgeReadiness: 'READINESS_JUDGED',
  enforce: 'BATCH_ENFORCED',
  judge: 'JUDGED',
  restore: 'RESTORED',
  switchBack: 'SWITCHED_BACK',
  graduate: 'GRADUATED',
  narrow: 'NARROWED',
  countLeftovers: 'LEFTOVERS_COUNTED',
} as const

/** The event that a walk waits for, if the world owes it one. */
export function awaited(walk: RolloutWalk | WaveWalk): WaveEvent['type'] | RolloutEvent['type'] | null {
  const { asked, wakeAt } = walk.context
  if (asked?.stands === 'open') return ANSWERS[asked.work]
  if (walk.state === 'rollingBack' && asked?.work === 'restore' && asked.stands === 'answered')
    return 'CONFIRMED'
  const asks = walk.state === 'awaitingApproval' ? (walk as WaveWalk).context : null
  if (asks?.heldAbove === false && asks.holds.every(({ kind }) => kind === 'approvalExpired'))
    return 'APPROVE'
  // Nobody waits for an approval to be too late.
  if (asks) return null
  if (wakeAt !== null) {
    walk.atWake()
    return 'WOKE'
  }
  return null
}
