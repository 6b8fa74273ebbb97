import { describe, expect, test } from 'vitest'
import { waveIn } from './every-state.ts'
import { DAY, HOUR, MINUTE, pass, SETTINGS, spent, unknown, type WaveWalk } from './walk.ts'

/** One batch is in, forty people are left, the next batch is due within the hour. */
function betweenBatches(): WaveWalk {
  return waveIn('enforcing')
    .after(5 * MINUTE)
    .hears('BATCH_ENFORCED', { left: 40 })
}

describe('pace', () => {
  test('the next batch begins one pace after the last one began', () => {
    const wave = betweenBatches()
    expect(wave.state).toBe('enforcing')
    expect(wave.work).toEqual([])
    expect(wave.context.wakeAt).toBe(wave.at - 5 * MINUTE + SETTINGS.paceMs)
    expect(wave.atWake().hears('WOKE').work).toEqual(['enforce'])
  })

  test('a period that still has room takes the next chunk at once, and stays the same period', () => {
    const wave = waveIn('enforcing')
    const began = wave.at
    wave.after(5 * MINUTE).hears('BATCH_ENFORCED', { left: 40, paceLeft: 20 })
    expect(wave.work).toEqual(['enforce'])
    wave.after(5 * MINUTE).hears('BATCH_ENFORCED', { left: 20, paceLeft: 0 })
    expect(wave.work).toEqual([])
    expect(wave.context).toMatchObject({ batchStartedAt: began, wakeAt: began + SETTINGS.paceMs })
  })

  test('neither unknown outcomes read again nor a failure repeated open a period of their own', () => {
    const unclear = waveIn('enforcing')
    const began = unclear.at
    const failed = unclear.fork()
    unclear.hears('BATCH_ENFORCED', { left: 40, unknown: 2 }).atWake().hears('WOKE')
    failed.hears('WORK_FAILED').after(MINUTE).hears('RESUME')
    for (const wave of [unclear, failed]) {
      expect(wave.work).toEqual(['enforce'])
      wave.hears('BATCH_ENFORCED', { left: 40 })
      expect(wave.context).toMatchObject({ batchStartedAt: began, wakeAt: began + SETTINGS.paceMs })
    }
  })

  test('a batch that took longer than the pace is followed at once', () => {
    const wave = waveIn('enforcing')
      .after(2 * HOUR)
      .hears('BATCH_ENFORCED', { left: 40 })
    expect(wave.work).toEqual(['enforce'])
  })

  test.each([
    ['pause and resume', ['PAUSE', 'RESUME']],
    ['a hold above', ['HELD_ABOVE', 'RELEASED_ABOVE']],
    ['retry', ['RETRY']],
    ['retry while paused', ['PAUSE', 'RETRY', 'RESUME']],
  ] as const)('it is not cut short by %s', (_, verbs) => {
    const wave = betweenBatches()
    const due = wave.context.wakeAt
    for (const verb of verbs) expect(wave.after(MINUTE).hears(verb).work).toEqual([])
    expect(wave.context.wakeAt).toBe(due)
  })

  test('retry while a batch is under way starts no second one', () => {
    const wave = waveIn('enforcing').after(MINUTE).hears('RETRY')
    expect(wave.work).toEqual([])
    expect(wave.hears('BATCH_ENFORCED').state).toBe('soaking')
  })

  test('retry straight after the last batch waits for its pace', () => {
    const wave = waveIn('soaking').after(MINUTE).hears('RETRY')
    expect(wave.state).toBe('enforcing')
    expect(wave.work).toEqual([])
    expect(wave.atWake().hears('WOKE').work).toEqual(['enforce'])
  })

  test('a wake while paused is not lost: the batch begins with the resume', () => {
    const wave = betweenBatches().hears('PAUSE').atWake().hears('WOKE')
    expect(wave.work).toEqual([])
    expect(wave.after(DAY).hears('RESUME').work).toEqual(['enforce'])
  })
})

describe('unknown outcomes', () => {
  test('they keep the wave in enforcing, stuck, and are looked at again', () => {
    const wave = waveIn('enforcing').hears('BATCH_ENFORCED', { unknown: 2 })
    expect(wave.state).toBe('enforcing')
    expect(wave.holds).toEqual(['stuck'])
    expect(wave.context.wakeAt).toBe(wave.at + SETTINGS.recheckMs)
    expect(wave.atWake().hears('WOKE').work).toEqual(['enforce'])
    expect(wave.hears('BATCH_ENFORCED', { unknown: 1 }).state).toBe('enforcing')
    expect(wave.atWake().hears('WOKE').hears('BATCH_ENFORCED').state).toBe('soaking')
    expect(wave.holds).toEqual([])
  })

  test('advance does not pass over them', () => {
    const wave = waveIn('enforcing').hears('BATCH_ENFORCED', { unknown: 2 })
    expect(wave.hears('ADVANCE', { gates: ['stuck'] }).moved).toBe(false)
  })
})

describe('gates between batches', () => {
  test('a budget spent by a batch stops the next one', () => {
    const wave = waveIn('enforcing').hears('BATCH_ENFORCED', { left: 40, gates: [spent('lockedOut')] })
    expect(wave.holds).toEqual(['budgetSpent'])
    expect(wave.atWake().hears('WOKE').work).toEqual([])
    expect(wave.hears('RESUME').work).toEqual([])
  })

  test('missing evidence stops the next batch until evidence passes', () => {
    const wave = waveIn('enforcing').hears('BATCH_ENFORCED', { left: 40, gates: [unknown('lockedOut')] })
    expect(wave.atWake().hears('WOKE').work).toEqual([])
    expect(wave.hears('EVIDENCE_READ', { gates: [pass('lockedOut')] }).work).toEqual(['enforce'])
  })

  test('the last batch does not lead into the soak while a gate holds', () => {
    const wave = waveIn('enforcing').hears('BATCH_ENFORCED', { gates: [unknown('lockedOut')] })
    expect(wave.state).toBe('enforcing')
    expect(wave.hears('EVIDENCE_READ').state).toBe('soaking')
  })
})

describe('retry', () => {
  test('it lifts what failed and neither a pause nor a gate', () => {
    const wave = waveIn('enforcing').hears('WORK_FAILED').hears('PAUSE')
    wave.hears('EVIDENCE_READ', { gates: [unknown('lockedOut')] })
    expect(wave.hears('RETRY').holds).toEqual(['gateUnknown', 'user'])
    expect(wave.work).toEqual([])
  })

  test('it tries the failed batch again', () => {
    expect(waveIn('enforcing').hears('WORK_FAILED').hears('RETRY').work).toEqual(['enforce'])
  })

  test('people retried out of the judgement soak anew', () => {
    const wave = waveIn('judging').hears('RETRY')
    expect(wave.state).toBe('enforcing')
    expect(wave.work).toEqual(['enforce'])
    wave.after(MINUTE).hears('BATCH_ENFORCED')
    expect(wave.context).toMatchObject({ soakedMs: 0, soakingSince: wave.at, soakEndedAt: null })
  })

  test('it changes nobody while the rollout holds', () => {
    const wave = waveIn('judging').hears('HELD_ABOVE').hears('RETRY')
    expect(wave.work).toEqual([])
    expect(wave.hears('RELEASED_ABOVE').work).toEqual(['enforce'])
  })
})
