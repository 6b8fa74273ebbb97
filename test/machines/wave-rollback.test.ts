import { describe, expect, test } from 'vitest'
import { WAVE_STATES } from '../../machines/language.ts'
import { waveIn } from './every-state.ts'
import { DAY, HOUR, SETTINGS, spent } from './walk.ts'

const NOT_YET_BACK = WAVE_STATES.filter((state) => state !== 'rolledBack' && state !== 'rollingBack')

describe('a wave is taken back', () => {
  test.each(NOT_YET_BACK)('out of %s', (state) => {
    const wave = waveIn(state).hears('ROLLBACK', { by: 'Ida Holm', reason: 'nine people are locked out' })
    expect(wave.state).toBe('rollingBack')
    expect(wave.work).toEqual(['restore'])
    wave.hears('RESTORED')
    expect(wave.state).toBe('rolledBack')
    expect(wave.effects).toMatchObject([
      {
        type: 'tellRollout',
        event: { type: 'WAVE_RESTORED', clean: true, by: 'Ida Holm', reason: 'nine people are locked out' },
      },
    ])
  })

  test.each(WAVE_STATES.slice(1, 8))('out of %s, whatever holds it', (state) => {
    const wave = waveIn(state).hears('PAUSE').hears('HELD_ABOVE')
    wave.hears('EVIDENCE_READ', { gates: [spent('lockedOut')] }).hears('ROLLBACK')
    expect(wave.work).toEqual(['restore'])
    expect(wave.context).toMatchObject({ holds: [], heldAbove: false })
  })

  test('nothing stops a restore under way', () => {
    const wave = waveIn('rollingBack')
    for (const verb of ['PAUSE', 'HELD_ABOVE', 'ABORT', 'ROLLBACK', 'ADVANCE', 'RESUME'] as const) {
      expect(wave.hears(verb).moved).toBe(false)
    }
  })
})

describe('a restore that fails', () => {
  test.each([{ failed: 2 }, { unknown: 1 }])('%o: the wave never says that it is back', (outcome) => {
    const wave = waveIn('rollingBack').hears('RESTORED', outcome)
    expect(wave.state).toBe('rollbackFailed')
    expect(wave.effects).toMatchObject([{ event: { type: 'WAVE_RESTORED', clean: false } }])
  })

  test.each(['ROLLBACK', 'RETRY'] as const)('%s tries the rest again', (verb) => {
    const wave = waveIn('rollbackFailed').hears(verb)
    expect(wave.state).toBe('rollingBack')
    expect(wave.work).toEqual(['restore'])
    expect(wave.hears('RESTORED').state).toBe('rolledBack')
    expect(wave.effects).toMatchObject([{ event: { type: 'WAVE_RESTORED', clean: true } }])
  })

  test('an error ends it for now, what passes by itself is tried again', () => {
    const wave = waveIn('rollingBack').hears('WORK_FAILED', { passing: true })
    expect(wave.state).toBe('rollingBack')
    expect(wave.context.wakeAt).toBe(wave.at + SETTINGS.recheckMs)
    expect(wave.atWake().hears('WOKE').work).toEqual(['restore'])
    expect(wave.hears('WORK_FAILED').state).toBe('rollbackFailed')
    expect(wave.effects).toMatchObject([{ event: { type: 'WAVE_RESTORED', clean: false } }])
  })
})

describe('the rollback window', () => {
  test('a completed wave is taken back until the window closes', () => {
    const wave = waveIn('completed').after(SETTINGS.rollbackWindowMs)
    expect(wave.fork().hears('ROLLBACK').state).toBe('rollingBack')
    expect(wave.after(1).hears('ROLLBACK').moved).toBe(false)
    expect(wave.state).toBe('completed')
  })

  test('its rollout, taken back within the rollout’s own window, takes it along', () => {
    const wave = waveIn('completed').after(SETTINGS.rollbackWindowMs + DAY)
    expect(wave.hears('ROLLBACK', { above: true }).state).toBe('rollingBack')
  })
})

describe('a wave that is back already', () => {
  test('answers its rollout at once, so that the rollout’s own rollback goes on', () => {
    const wave = waveIn('rolledBack').after(HOUR).hears('ROLLBACK', { above: true })
    expect(wave.moved).toBe(true)
    expect(wave.state).toBe('rolledBack')
    expect(wave.work).toEqual([])
    expect(wave.effects).toMatchObject([
      { type: 'tellRollout', event: { type: 'WAVE_RESTORED', at: wave.at, clean: true } },
    ])
  })

  test('to a person it is already true: the rollout is not held a second time', () => {
    const wave = waveIn('rolledBack').hears('ROLLBACK')
    expect(wave.moved).toBe(false)
    expect(wave.effects).toEqual([])
  })
})
