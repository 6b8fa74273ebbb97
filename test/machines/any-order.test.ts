import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Effect, RolloutEvent, WaveEvent } from '../../machines/language.ts'
import { Together } from './together.ts'
import { onwardRollout, onwardWave, ROLLOUT_VARIANTS, WAVE_VARIANTS } from './variants.ts'
import { DAY, HOUR, MINUTE, ROLLOUT, type RolloutWalk, type WaveWalk, walkRollout, walkWave } from './walk.ts'

const gap = fc.constantFrom(0, 1, MINUTE, 10 * MINUTE, HOUR, DAY, 3 * DAY)
/** Mostly what the world owes, so that the sequences get far; else anything, sometimes with an old attempt or token. */
const move = (count: number) =>
  fc.record({
    gap,
    variant: fc.oneof({ weight: 5, arbitrary: fc.constant(-1) }, { weight: 6, arbitrary: fc.nat(count - 1) }),
    late: fc.oneof(
      { weight: 9, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -2, max: 2 }) },
    ),
  })
type Move = { gap: number; variant: number; late: number }

function moveWave(wave: WaveWalk, { gap, variant, late }: Move): string {
  const [type, rest] = WAVE_VARIANTS[variant] ?? [onwardWave(wave)]
  wave.after(gap)
  return takeLate(wave, type, rest, late)
}

function takeLate(
  walk: WaveWalk | RolloutWalk,
  type: string,
  rest: object | undefined,
  late: number,
): string {
  const { attempt, wakeToken } = walk.context
  const numbers =
    late === 0 ? {} : type === 'WOKE' ? { token: wakeToken + late } : { attempt: attempt + late }
  const walked = walk as WaveWalk
  walked.hears(type as WaveEvent['type'], { ...rest, ...numbers })
  return type
}

/** JSON keeps it as it is: no undefined, no NaN, no date. */
function expectClean(walk: WaveWalk | RolloutWalk): void {
  const context = walk.context
  expect(JSON.parse(JSON.stringify(context))).toStrictEqual(context)
  expect(JSON.stringify(walk.saved)).not.toContain('null,null')
}

/** The world keeps one timer an instance, the last it was told; one that went off is gone. */
function expectWakes(walk: WaveWalk | RolloutWalk, timer: Timer, heard: string): void {
  if (heard === 'WOKE' && walk.moved) timer.at = null
  for (const effect of walk.effects) {
    if (effect.type !== 'wake') continue
    timer.token = effect.token
    timer.at = effect.at
  }
  const { wakeAt, wakeToken } = walk.context
  expect(timer.at).toBe(wakeAt)
  if (wakeAt !== null) expect(timer.token).toBe(wakeToken)
}

interface Timer {
  token: number
  at: number | null
}

function works(effects: readonly Effect[]) {
  return effects.flatMap((effect) => (effect.type === 'work' ? [effect] : []))
}

const moves = (count: number) => fc.array(move(count), { maxLength: 60 })

describe('whatever a wave hears, in whatever order', () => {
  test('nobody is enforced while held or unapproved, wakes are kept, and soak counts no more than time', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), moves(WAVE_VARIANTS.length), (approval, prepares, sequence) => {
        const wave = walkWave({ approval, prepares })
        const timer: Timer = { token: 0, at: null }
        let soakingFrom = wave.at
        for (const one of sequence) {
          const before = { state: wave.state, holds: wave.holds, saved: wave.saved }
          const heard = moveWave(wave, one)
          expectClean(wave)
          expectWakes(wave, timer, heard)
          const { context } = wave
          if (!wave.moved) expect(wave.saved).toEqual(before.saved)
          if (!wave.moved) expect(wave.effects).toEqual([])
          for (const { work, attempt } of works(wave.effects)) {
            expect(context.asked).toEqual({ work, attempt, stands: 'open' })
            if (work !== 'enforce' && work !== 'prepare') continue
            expect(wave.holds.filter((kind) => kind !== 'stuck')).toEqual([])
            expect(context.heldAbove).toBe(false)
            if (work === 'prepare') {
              expect([wave.state, context.members > 0]).toEqual(['preparing', true])
              continue
            }
            expect(context.ahead ?? false).toBe(false)
            expect(context.notBefore ?? 0).toBeLessThanOrEqual(wave.at)
            if (approval) expect(context.approvedBy).not.toBeNull()
          }
          if (wave.state === 'soaking' && before.state !== 'soaking') soakingFrom = wave.at
          expect(context.soakedMs).toBeLessThanOrEqual(wave.at - soakingFrom)
          expect(context.soakedMs).toBeGreaterThanOrEqual(0)
          const isTakenBack = ['rollingBack', 'aborted', 'skipped'].includes(wave.state)
          const isAccepted = Object.keys(context.accepted ?? {}).length > 0
          if (before.holds.includes('budgetSpent') && !isTakenBack && !isAccepted)
            expect(wave.holds).toContain('budgetSpent')
        }
      }),
      { numRuns: 400 },
    )
  })

  test('no period of the pace begins before the one before it is over', () => {
    fc.assert(
      fc.property(moves(WAVE_VARIANTS.length), (sequence) => {
        const wave = walkWave({ approval: false })
        for (const one of sequence) {
          const before = wave.context.batchStartedAt ?? Number.NEGATIVE_INFINITY
          moveWave(wave, one)
          const { batchStartedAt: after, settings } = wave.context
          if (after !== null && after !== before)
            expect(after - before).toBeGreaterThanOrEqual(settings.paceMs)
        }
      }),
      { numRuns: 400 },
    )
  })

  test('a rollback and a good restore take it back', () => {
    fc.assert(
      fc.property(moves(WAVE_VARIANTS.length), (sequence) => {
        const wave = walkWave()
        for (const one of sequence) moveWave(wave, one)
        wave.hears('ROLLBACK', { above: true })
        if (wave.state === 'rollingBack' && wave.context.wakeAt !== null) wave.atWake().hears('WOKE')
        if (wave.state === 'rollingBack') wave.hears('RESTORED')
        expect(wave.state).toBe('rolledBack')
      }),
      { numRuns: 200 },
    )
  })
})

describe('whatever a rollout hears, in whatever order', () => {
  test('one wave begins at a time, in order, never while held', () => {
    fc.assert(
      fc.property(fc.boolean(), moves(ROLLOUT_VARIANTS.length), (prepares, sequence) => {
        const rollout = walkRollout({ prepares })
        const timer: Timer = { token: 0, at: null }
        let begun = -1
        let ahead = -1
        for (const { gap, variant, late } of sequence) {
          const before = rollout.after(gap).saved
          const [type, rest] = ROLLOUT_VARIANTS[variant] ?? [onwardRollout(rollout)]
          takeLate(rollout, type, rest, late)
          expectClean(rollout)
          expectWakes(rollout, timer, type)
          if (!rollout.moved) expect(rollout.saved).toEqual(before)
          const told = rollout.effects.flatMap((effect) => (effect.type === 'tellWave' ? [effect] : []))
          for (const { wave } of told) expect(wave).toBeGreaterThanOrEqual(0)
          const begins = told.flatMap(({ wave, event }) => (event.type === 'BEGIN' ? [{ wave, event }] : []))
          expect(begins.length).toBeLessThanOrEqual(1)
          for (const { wave, event } of begins) {
            expect(wave).toBe(begun + 1)
            expect(rollout.holds).toEqual([])
            // A revision may be the first that prepares.
            if (event.ahead) expect([rollout.context.prepares, ahead < wave]).toEqual([true, true])
            if (event.ahead) ahead = wave
            else begun = wave
          }
          for (const { work } of works(rollout.effects)) {
            expect(['switchBack', 'graduate', 'narrow']).toContain(work)
            // The policy is widened only while nothing holds, and narrowed before anybody is taken back.
            if (work === 'graduate') expect([rollout.state, rollout.holds]).toEqual(['graduating', []])
            if (work === 'switchBack') expect(rollout.context.graduated ?? false).toBe(false)
          }
        }
      }),
      { numRuns: 400 },
    )
  })
})

const command = fc.constantFrom(
  ...([
    'PAUSE',
    'RESUME',
    'RETRY',
    'ADVANCE',
    'SKIP',
    'EXTEND',
    'SHORTEN',
    'ROLLBACK',
    'ABORT',
    'APPROVE',
    'REJECT',
    'WOKE',
  ] as const),
)
const waveMove = fc.record({
  wave: fc.nat(2),
  variant: fc.oneof(fc.constant(-1), fc.nat(WAVE_VARIANTS.length - 1)),
})
const verb = fc.oneof(
  { weight: 6, arbitrary: waveMove },
  { weight: 2, arbitrary: fc.record({ wave: fc.nat(2), command }) },
  {
    weight: 2,
    arbitrary: fc.record({
      rollout: fc.constantFrom<RolloutEvent['type']>(
        'START',
        'PAUSE',
        'RESUME',
        'FREEZE',
        'THAW',
        'DISARM',
        'REARM',
        'REVISED',
        'WOKE',
      ),
    }),
  },
)

/** What only the rollout says to a wave is not made up here. */
const FROM_ABOVE = ['BEGIN', 'REVISED', 'HELD_ABOVE', 'RELEASED_ABOVE']

function shake(all: Together, moves: readonly object[]): void {
  for (const one of moves as {
    rollout?: RolloutEvent['type']
    wave: number
    variant?: number
    command?: string
  }[]) {
    if (one.rollout) all.toRollout(one.rollout)
    else {
      const [type, rest] = WAVE_VARIANTS[one.variant ?? -1] ?? [one.command ?? onwardWave(all.wave(one.wave))]
      const isAbove = FROM_ABOVE.includes(type) || (rest !== undefined && 'above' in rest)
      if (!isAbove) all.toWave(one.wave, type as WaveEvent['type'], rest)
    }
  }
}

describe('rollout and waves together, shaken', () => {
  const shaken = fc.array(verb, { maxLength: 80 })

  test('the rollout is always taken back to the end, newest wave first, and the policy last', () => {
    fc.assert(
      fc.property(fc.boolean(), shaken, (prepares, moves) => {
        const all = new Together({ ...ROLLOUT, prepares }).toRollout('START')
        shake(all, moves)
        all.log.length = 0
        if (!['rolledBack', 'rollingBack'].includes(all.rollout.state)) all.toRollout('ROLLBACK')
        all.onward()
        expect(all.rollout.state).toBe('rolledBack')
        const order = all.log
          .filter((word) => word.startsWith('ROLLBACK'))
          .map((word) => Number(word.slice(9)))
        expect(order).toEqual([...order].sort((a, b) => b - a))
        if (order.length > 0)
          expect(all.log.indexOf('switchBack')).toBeGreaterThan(all.log.lastIndexOf('ROLLBACK 0'))
        expect(
          all.waves.some((wave) => ['enforcing', 'soaking', 'judging', 'completed'].includes(wave.state)),
        ).toBe(false)
      }),
      { numRuns: 200 },
    )
  })

  test('a person who resumes and advances brings it to an end, unless a wave is rejected, empty or over budget', () => {
    fc.assert(
      fc.property(fc.boolean(), shaken, (prepares, moves) => {
        const all = new Together({ ...ROLLOUT, prepares }).toRollout('START')
        shake(all, moves)
        for (let round = 0; round < 20; round += 1) {
          all.onward().toRollout('RESUME').toRollout('THAW').toRollout('REARM')
          for (const [position, wave] of all.waves.entries()) {
            all.toWave(position, 'RESUME').toWave(position, 'EVIDENCE_READ')
            const gates = wave.context.holds.map((hold) => hold.gate ?? '')
            if (gates.length > 0) all.toWave(position, 'ADVANCE', { gates })
          }
        }
        const holds = [all.rollout, ...all.waves].flatMap((walk) => walk.holds)
        const isForNobody = all.waves.some((wave) => wave.state === 'aborted')
        if (isForNobody || holds.some((kind) => ['rejected', 'empty', 'budgetSpent'].includes(kind))) return
        expect(['completed', 'completedWithLeftovers', 'rolledBack']).toContain(all.rollout.state)
      }),
      { numRuns: 100 },
    )
  })

  test('one wave is on its way forward at a time, and the next one is prepared at most', () => {
    const ON_THE_WAY = [
      'checkingReadiness',
      'awaitingApproval',
      'awaitingWindow',
      'enforcing',
      'soaking',
      'judging',
    ]
    fc.assert(
      fc.property(fc.boolean(), shaken, (prepares, moves) => {
        const all = new Together({ ...ROLLOUT, prepares }).toRollout('START')
        for (const one of moves) {
          shake(all, [one])
          expect(all.waves.filter((wave) => ON_THE_WAY.includes(wave.state)).length).toBeLessThanOrEqual(1)
          const preparing = all.waves.flatMap((wave, at) => (wave.state === 'preparing' ? [at] : []))
          const { current } = all.rollout.context
          for (const at of preparing) expect([current, prepares ? current + 1 : current]).toContain(at)
          const held = all.rollout.holds.length > 0 && all.rollout.state === 'running'
          for (const wave of [...preparing.map((at) => all.wave(at)), all.wave(current)]) {
            if (held && [...ON_THE_WAY, 'preparing'].includes(wave.state))
              expect(wave.context.heldAbove).toBe(true)
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})
