import { describe, expect, test } from 'vitest'
import { WAVE_STATES } from '../../machines/language.ts'
import { waveIn } from './every-state.ts'
import { DAY, fail, HOUR, MINUTE, pass, SETTINGS, spent, unknown, type WaveWalk, walkWave } from './walk.ts'

const LIVE = WAVE_STATES.slice(WAVE_STATES.indexOf('preparing'), WAVE_STATES.indexOf('completed'))
const WORKING = [
  ['preparing', 'COHORT_FROZEN'],
  ['checkingReadiness', 'READINESS_JUDGED'],
  ['awaitingApproval', 'APPROVE'],
  ['awaitingWindow', 'READINESS_JUDGED'],
  ['enforcing', 'BATCH_ENFORCED'],
  ['judging', 'JUDGED'],
] as const

function overridden(wave: WaveWalk): string[] {
  return wave.context.overridden
}

test('a wave goes from pending to completed and tells the rollout how many were left over', () => {
  const wave = waveIn('completed')
  expect(wave.context).toMatchObject({ members: 100, approvedBy: 'Per Lund', leftovers: 10, holds: [] })
  expect(wave.effects).toContainEqual({
    type: 'tellRollout',
    event: { type: 'WAVE_COMPLETED', at: wave.at, wave: 0, leftovers: 10 },
  })
})

test('a wave whose plan asks for no approval waits for nobody', () => {
  const wave = waveIn('checkingReadiness', { approval: false }).hears('READINESS_JUDGED')
  expect(wave.state).toBe('awaitingWindow')
})

test('a rejected wave stays where it is until it is aborted or rolled back', () => {
  const wave = waveIn('rejected')
  const told = wave.effects.filter(({ type }) => type === 'tellRollout')
  expect(told).toMatchObject([{ event: { type: 'WAVE_REJECTED', by: 'Per Lund' } }])
  expect(wave.fork().hears('RESUME').moved).toBe(false)
  expect(wave.fork().hears('APPROVE').moved).toBe(false)
})

describe('a wave moves only while it has no hold', () => {
  test.each(WORKING)('%s, paused: the answer is recorded, the wave stays', (state, answer) => {
    const wave = waveIn(state).hears('PAUSE').hears(answer)
    expect(wave.state).toBe(state)
    expect(wave.moved).toBe(true)
    expect(wave.work).toEqual([])
  })

  test.each(WORKING)('%s, held by its rollout: the same', (state, answer) => {
    const wave = waveIn(state).hears('HELD_ABOVE').hears(answer)
    expect(wave.state).toBe(state)
    expect(wave.work).toEqual([])
  })

  test.each(LIVE)('%s holds for several reasons at once and goes on after the last one', (state) => {
    const wave = waveIn(state).hears('PAUSE').hears('HELD_ABOVE')
    wave.hears('EVIDENCE_READ', { gates: [unknown('lockedOut'), unknown('failedChanges')] })
    expect(wave.holds).toEqual(['gateUnknown', 'gateUnknown', 'user'])
    expect(wave.hears('EVIDENCE_READ', { gates: [pass('lockedOut')] }).holds).toEqual(['gateUnknown', 'user'])
    expect(wave.hears('EVIDENCE_READ', { gates: [pass('failedChanges')] }).holds).toEqual(['user'])
    wave.hears('RESUME')
    expect(wave.holds).toEqual([])
    expect(wave.context.heldAbove).toBe(true)
    expect(wave.state).toBe(state)
    expect(wave.hears('RELEASED_ABOVE').context.heldAbove).toBe(false)
  })

  test('a pause repeated keeps its age and takes the newer reason', () => {
    const wave = waveIn('enforcing').hears('PAUSE', { reason: 'help desk is full' })
    const since = wave.at
    wave.after(HOUR).hears('PAUSE', { by: 'Ole Bang', reason: 'still full' })
    expect(wave.context.holds).toEqual([{ kind: 'user', since, by: 'Ole Bang', reason: 'still full' }])
  })

  test('a gate that stays unknown keeps the age of its hold', () => {
    const wave = waveIn('soaking').hears('EVIDENCE_READ', { gates: [unknown('lockedOut')] })
    const since = wave.at
    wave.after(HOUR).hears('EVIDENCE_READ', { gates: [unknown('lockedOut')] })
    expect(wave.context.holds).toMatchObject([{ kind: 'gateUnknown', since }])
  })

  test('a wave without people, or with everybody deferred, waits for a person and is not resumed', () => {
    for (const wave of [
      waveIn('preparing').hears('COHORT_FROZEN', { members: 0 }),
      waveIn('checkingReadiness').hears('READINESS_JUDGED', { toEnforce: 0 }),
    ]) {
      expect(wave.holds).toEqual(['empty'])
      expect(wave.hears('RESUME').moved).toBe(false)
    }
  })
})

describe('late answers', () => {
  test.each([
    ['preparing', 'COHORT_FROZEN'],
    ['checkingReadiness', 'READINESS_JUDGED'],
    ['awaitingWindow', 'READINESS_JUDGED'],
    ['enforcing', 'BATCH_ENFORCED'],
    ['judging', 'JUDGED'],
    ['rollingBack', 'RESTORED'],
  ] as const)('%s: an answer to an old attempt changes nothing, nor does its failure', (state, answer) => {
    const wave = waveIn(state)
    const attempt = wave.context.attempt - 1
    for (const late of [
      wave.fork().hears(answer, { attempt }),
      wave.fork().hears('WORK_FAILED', { attempt }),
    ]) {
      expect(late.moved).toBe(false)
      expect(late.saved).toEqual(wave.saved)
    }
  })

  test('an answer that comes twice counts once', () => {
    const wave = waveIn('enforcing').hears('BATCH_ENFORCED', { left: 40 })
    expect(wave.hears('BATCH_ENFORCED', { left: 0 }).moved).toBe(false)
  })

  test('the wake of a soak that was paused meanwhile changes nothing', () => {
    const wave = waveIn('soaking')
    const token = wave.context.wakeToken
    wave.after(HOUR).hears('PAUSE').after(HOUR).hears('RESUME')
    wave.after(2 * DAY).hears('WOKE', { token })
    expect(wave.moved).toBe(false)
    expect(wave.state).toBe('soaking')
  })

  test('a batch answered after the rollback began changes nothing', () => {
    const enforcing = waveIn('enforcing')
    const { attempt } = enforcing.context
    expect(enforcing.hears('ROLLBACK').hears('BATCH_ENFORCED', { attempt }).moved).toBe(false)
  })
})

describe('budgets', () => {
  test.each(['enforcing', 'soaking', 'judging'] as const)(
    '%s: a spent budget is lifted by no verb',
    (state) => {
      const wave = waveIn(state).hears('EVIDENCE_READ', { gates: [spent('lockedOut')] })
      expect(wave.holds).toEqual(['budgetSpent'])
      expect(wave.fork().hears('RESUME').moved).toBe(false)
      for (const verb of ['RESUME', 'RETRY', 'PAUSE', 'RESUME'] as const) wave.hears(verb)
      wave.hears('ADVANCE', { gates: ['lockedOut'] })
      expect(wave.holds).toEqual(['budgetSpent'])
      expect(wave.hears('EVIDENCE_READ', { gates: [pass('lockedOut')] }).holds).toEqual(['budgetSpent'])
      expect(wave.work).toEqual([])
    },
  )

  test('a budget spent after a person advanced over its unknown gate holds all the same', () => {
    const wave = waveIn('judging').hears('JUDGED', { gates: [unknown('lockedOut')] })
    wave.hears('ADVANCE', { gates: ['lockedOut'] })
    expect(overridden(wave)).toEqual(['lockedOut'])
    wave.hears('JUDGED', { gates: [spent('lockedOut')] })
    expect(wave.state).toBe('judging')
    expect(wave.holds).toEqual(['budgetSpent'])
  })
})

describe('work that fails', () => {
  test.each(['preparing', 'checkingReadiness', 'awaitingWindow', 'enforcing', 'judging'] as const)(
    '%s: what passes by itself is tried again without a person, and a success lifts the hold',
    (state) => {
      const wave = waveIn(state)
      const { attempt } = wave.context
      wave.hears('WORK_FAILED', { passing: true })
      expect(wave.holds).toEqual(['stuck'])
      expect(wave.context.wakeAt).toBe(wave.at + SETTINGS.recheckMs)
      wave.atWake().hears('WOKE')
      expect(wave.effects).toContainEqual(expect.objectContaining({ type: 'work', attempt: attempt + 1 }))
    },
  )

  test.each(['preparing', 'checkingReadiness', 'awaitingWindow', 'enforcing', 'judging'] as const)(
    '%s: an error waits for a person, and resume tries again',
    (state) => {
      const wave = waveIn(state).hears('WORK_FAILED', { code: 'permissionMissing' })
      expect(wave.holds).toEqual(['error'])
      expect(wave.context.wakeAt).toBeNull()
      expect(wave.context.holds[0]).toMatchObject({ code: 'permissionMissing' })
      expect(wave.after(MINUTE).hears('RESUME').work).toHaveLength(1)
    },
  )
})

describe('abort', () => {
  test.each(LIVE)('%s: the wave ends, people stay as they are', (state) => {
    const wave = waveIn(state).hears('PAUSE').hears('ABORT')
    expect(wave.state).toBe('aborted')
    expect(wave.work).toEqual([])
    expect(wave.context).toMatchObject({ holds: [], wakeAt: null, asked: null })
    expect(wave.hears('RESUME').moved).toBe(false)
  })
})

test('readiness judged before a pause of days is judged again before anybody is enforced', () => {
  const wave = walkWave({ approval: false }).hears('BEGIN').hears('COHORT_FROZEN').hears('READINESS_JUDGED')
  wave.hears('PAUSE').hears('READINESS_JUDGED')
  wave.after(3 * DAY).hears('RESUME')
  expect(wave.state).toBe('awaitingWindow')
  expect(wave.work).toEqual(['judgeReadiness'])
  expect(wave.hears('READINESS_JUDGED', { gates: [fail('readiness')] }).holds).toEqual(['gateFailed'])
})
