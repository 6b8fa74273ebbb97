import { describe, expect, test } from 'vitest'
import { waveIn } from './every-state.ts'
import { DAY, fail, HOUR, MINUTE, pass, SETTINGS, unknown, type WaveWalk } from './walk.ts'

const JUDGED_IN = [
  ['checkingReadiness', 'READINESS_JUDGED', 'judgeReadiness', 'awaitingApproval'],
  ['awaitingWindow', 'READINESS_JUDGED', 'judgeReadiness', 'enforcing'],
  ['judging', 'JUDGED', 'judge', 'completed'],
] as const

describe.each(JUDGED_IN)('the gates of %s', (state, judged, work, after) => {
  test('unknown holds, is judged again after a while, and lifts itself by passing', () => {
    const wave = waveIn(state).hears(judged, { gates: [unknown('readiness'), pass('other')] })
    expect(wave.state).toBe(state)
    expect(wave.context.holds).toMatchObject([{ kind: 'gateUnknown', gate: 'readiness', reason: 'noData' }])
    expect(wave.atWake().hears('WOKE').work).toEqual([work])
    wave.hears(judged, { gates: [pass('readiness'), pass('other')] })
    expect(wave.holds).toEqual([])
    expect(wave.state).toBe(after)
  })

  test('failed holds and is not judged again by itself', () => {
    const wave = waveIn(state).hears(judged, { gates: [fail('readiness')] })
    expect(wave.holds).toEqual(['gateFailed'])
    expect(wave.atWake().hears('WOKE').work).toEqual([])
    expect(wave.holds).toEqual(['gateFailed'])
  })

  test('failed is not lifted by evidence that is better later, nor by evidence that is missing', () => {
    const wave = waveIn(state).hears(judged, { gates: [fail('readiness')] })
    expect(wave.hears('EVIDENCE_READ', { gates: [pass('readiness')] }).holds).toEqual(['gateFailed'])
    expect(wave.hears('EVIDENCE_READ', { gates: [unknown('readiness')] }).holds).toEqual(['gateFailed'])
  })

  test('resume judges afresh: it passes nothing by itself', () => {
    const wave = waveIn(state).hears(judged, { gates: [fail('readiness')] })
    wave.after(HOUR).hears('RESUME')
    expect(wave.state).toBe(state)
    expect(wave.work).toEqual([work])
    expect(wave.fork().hears(judged, { gates: [fail('readiness')] }).holds).toEqual(['gateFailed'])
    expect(wave.fork().hears(judged).state).toBe(after)
  })

  test('a verdict that came while paused or held above is asked for anew', () => {
    const paused = waveIn(state).hears('PAUSE').hears(judged)
    expect(paused.after(DAY).hears('RESUME').work).toEqual([work])
    const held = waveIn(state).hears('HELD_ABOVE').hears(judged)
    expect(held.after(DAY).hears('RELEASED_ABOVE').work).toEqual([work])
    expect(held.state).toBe(state)
  })

  test('advance refuses a gate that does not hold', () => {
    const wave = waveIn(state).hears(judged, { gates: [fail('readiness')] })
    expect(wave.hears('ADVANCE', { gates: ['other'] }).moved).toBe(false)
    expect(wave.hears('ADVANCE').moved).toBe(false)
  })
})

test('advance naming the failed gate goes on, on record, and the other gates are judged again', () => {
  const wave = waveIn('judging').hears('JUDGED', { gates: [fail('seen'), unknown('lockedOut')] })
  wave.hears('ADVANCE', { gates: ['seen'] })
  expect(wave.context.overridden).toEqual(['seen'])
  expect(wave.holds).toEqual(['gateUnknown'])
  expect(wave.work).toEqual(['judge'])
  wave.hears('JUDGED', { gates: [fail('seen'), pass('lockedOut')] })
  expect(wave.state).toBe('completed')
})

test('advance over readiness before the approval leaves one approval to give', () => {
  const wave = waveIn('checkingReadiness').hears('READINESS_JUDGED', { gates: [fail('readiness')] })
  wave.hears('ADVANCE', { gates: ['readiness'] })
  wave.hears('READINESS_JUDGED', { gates: [fail('readiness')] })
  expect(wave.state).toBe('awaitingApproval')
  expect(wave.hears('APPROVE').hears('READINESS_JUDGED', { gates: [fail('readiness')] }).state).toBe(
    'enforcing',
  )
})

test('advance over readiness after the approval asks for the approval again', () => {
  const wave = waveIn('awaitingWindow').hears('READINESS_JUDGED', { gates: [fail('readiness')] })
  wave.hears('ADVANCE', { gates: ['readiness'] })
  expect(wave.state).toBe('awaitingApproval')
  expect(wave.context).toMatchObject({ approvedBy: null, overridden: ['readiness'], asked: null })
  expect(wave.work).toEqual([])
  wave.hears('APPROVE', { by: 'Eva Krogh' }).hears('READINESS_JUDGED', { gates: [fail('readiness')] })
  expect(wave.state).toBe('enforcing')
  expect(wave.context.approvedBy).toBe('Eva Krogh')
})

test('advance gives no approval', () => {
  expect(waveIn('awaitingApproval').hears('ADVANCE', { gates: ['readiness', 'approval'] }).moved).toBe(false)
})

describe('soak', () => {
  const soaked = (wave: WaveWalk) => wave.context.soakedMs

  test('it ends when its healthy time is over, and the judgement waits for a settled log and for Entra', () => {
    const wave = waveIn('soaking')
    const { at } = wave
    expect(wave.context.wakeAt).toBe(at + SETTINGS.soakMs)
    expect(wave.atWake().hears('WOKE').state).toBe('judging')
    expect(wave.work).toEqual([])
    expect(wave.context.wakeAt).toBe(at + SETTINGS.soakMs)
    expect(wave.atWake().hears('WOKE').work).toEqual(['judge'])
  })

  test('a pause does not count', () => {
    const wave = waveIn('soaking').after(DAY).hears('PAUSE')
    expect(soaked(wave)).toBe(DAY)
    expect(wave.context.wakeAt).toBeNull()
    wave.after(5 * DAY).hears('RESUME')
    expect(wave.context.wakeAt).toBe(wave.at + DAY)
    expect(wave.atWake().hears('WOKE').state).toBe('judging')
  })

  test('time held by the rollout does not count, and being told twice changes nothing', () => {
    const wave = waveIn('soaking').after(HOUR).hears('HELD_ABOVE').after(HOUR).hears('HELD_ABOVE')
    expect(soaked(wave)).toBe(HOUR)
    wave.after(HOUR).hears('RELEASED_ABOVE').after(HOUR).hears('RELEASED_ABOVE')
    expect(wave.context.wakeAt).toBe(wave.at - HOUR + SETTINGS.soakMs - HOUR)
  })

  test('time without evidence does not count; evidence that passes lets it go on without a person', () => {
    const wave = waveIn('soaking')
      .after(HOUR)
      .hears('EVIDENCE_READ', { gates: [unknown('lockedOut')] })
    expect(wave.holds).toEqual(['gateUnknown'])
    wave.after(DAY).hears('EVIDENCE_READ')
    expect(wave.holds).toEqual([])
    expect(soaked(wave)).toBe(HOUR)
    expect(wave.context.wakeAt).toBe(wave.at + SETTINGS.soakMs - HOUR)
  })

  test('holds that overlap stop it once', () => {
    const wave = waveIn('soaking').after(HOUR).hears('PAUSE').after(HOUR).hears('HELD_ABOVE')
    wave.after(HOUR).hears('RESUME').after(HOUR).hears('RELEASED_ABOVE').after(HOUR).hears('PAUSE')
    expect(soaked(wave)).toBe(2 * HOUR)
  })

  test('a wake that comes early is set again for what is left', () => {
    const wave = waveIn('soaking').after(DAY).hears('WOKE')
    expect(wave.state).toBe('soaking')
    expect(wave.effects).toMatchObject([{ type: 'wake', at: wave.at + DAY, why: 'soak' }])
    expect(wave.atWake().hears('WOKE').state).toBe('judging')
  })

  test('a clock set back takes nothing away from it and adds nothing', () => {
    const wave = waveIn('soaking').after(-HOUR).hears('PAUSE').after(HOUR).hears('RESUME')
    expect(soaked(wave)).toBe(0)
    expect(wave.context.wakeAt).toBe(wave.at + SETTINGS.soakMs)
  })

  test('three days asleep: the gates are asked after the soak is seen to have ended', () => {
    const wave = waveIn('soaking')
      .after(5 * DAY)
      .hears('WOKE')
    expect(wave.context.soakEndedAt).toBe(wave.at)
    expect(wave.context.wakeAt).toBe(wave.at)
    expect(wave.hears('WOKE').work).toEqual(['judge'])
  })

  test('advance skips what is left of it, but not the settling of the evidence', () => {
    const wave = waveIn('soaking').after(HOUR).hears('ADVANCE')
    expect(wave.state).toBe('judging')
    expect(wave.work).toEqual([])
    expect(wave.context.wakeAt).toBe(wave.at - HOUR + SETTINGS.propagationMs)
  })

  test('neither pause and resume nor a hold above cuts the settling short', () => {
    const wave = waveIn('soaking').hears('ADVANCE')
    const due = wave.context.wakeAt
    wave.after(MINUTE).hears('PAUSE').after(MINUTE).hears('RESUME')
    wave.after(MINUTE).hears('HELD_ABOVE').after(MINUTE).hears('RELEASED_ABOVE')
    expect(wave.work).toEqual([])
    expect(wave.context.wakeAt).toBe(due)
    wave.hears('EVIDENCE_READ', { gates: [unknown('seen')] }).hears('ADVANCE', { gates: ['seen'] })
    expect(wave.context.wakeAt).toBe(due)
  })

  test('advance while paused ends the soak but does not move the wave', () => {
    const wave = waveIn('soaking').after(HOUR).hears('PAUSE').hears('ADVANCE')
    expect(wave.state).toBe('soaking')
    expect(wave.after(HOUR).hears('RESUME').state).toBe('judging')
  })
})
