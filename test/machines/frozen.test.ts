import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  ROLLOUT_STATES,
  type RolloutEvent,
  type Saved,
  WAVE_STATES,
  type WaveEvent,
} from '../../machines/language.ts'
import { next, rolloutContextOf, stateOf, waveContextOf } from '../../src/engine/step.ts'
import { DAY, rolloutEvent, START, waveEvent } from './walk.ts'

// Written once, by freeze.ts, and never changed: instances of this version stand in people's databases.
const folder = new URL('frozen/v1/', import.meta.url)

function frozen(name: string): Saved {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
}

const AFTER_A_WAVE: Record<string, [WaveEvent['type'], string]> = {
  pending: ['BEGIN', 'preparing'],
  preparing: ['COHORT_FROZEN', 'checkingReadiness'],
  checkingReadiness: ['READINESS_JUDGED', 'awaitingApproval'],
  awaitingApproval: ['APPROVE', 'awaitingWindow'],
  awaitingWindow: ['READINESS_JUDGED', 'enforcing'],
  enforcing: ['BATCH_ENFORCED', 'soaking'],
  soaking: ['WOKE', 'judging'],
  judging: ['JUDGED', 'completed'],
  completed: ['ROLLBACK', 'rollingBack'],
  rollingBack: ['RESTORED', 'rolledBack'],
  rolledBack: ['ROLLBACK', 'rolledBack'],
  rollbackFailed: ['RETRY', 'rollingBack'],
  aborted: ['ROLLBACK', 'rollingBack'],
  rejected: ['ROLLBACK', 'rollingBack'],
  skipped: ['ROLLBACK', 'rollingBack'],
}

const AFTER_A_ROLLOUT: Record<string, [RolloutEvent['type'], string]> = {
  draft: ['START', 'running'],
  running: ['WAVE_COMPLETED', 'running'],
  rollingBack: ['WAVE_RESTORED', 'rollingBack'],
  completed: ['ROLLBACK', 'rollingBack'],
  completedWithLeftovers: ['ROLLBACK', 'rollingBack'],
  graduating: ['GRADUATED', 'graduated'],
  graduated: ['ROLLBACK', 'rollingBack'],
  aborted: ['ROLLBACK', 'rollingBack'],
  rolledBack: ['ROLLBACK', 'rolledBack'],
  rollbackFailed: ['ROLLBACK', 'rollingBack'],
}

describe('instances saved by version 1', () => {
  test('there is one for every state', () => {
    const names = [
      ...ROLLOUT_STATES.map((state) => `rollout-${state}.json`),
      ...WAVE_STATES.map((state) => `wave-${state}.json`),
    ]
    expect(readdirSync(folder).sort()).toEqual(expect.arrayContaining(names.sort()))
  })

  test.each(WAVE_STATES)('a wave in %s is read and goes on', (state) => {
    const saved = frozen(`wave-${state}`)
    expect(stateOf(saved)).toBe(state)
    const [type, after] = AFTER_A_WAVE[state] ?? []
    const event = waveEvent(type as WaveEvent['type'], waveContextOf(saved), START + 4 * DAY)
    expect(next(saved, event).state).toBe(after)
  })

  test.each(ROLLOUT_STATES)('a rollout in %s is read and goes on', (state) => {
    const saved = frozen(`rollout-${state}`)
    expect(stateOf(saved)).toBe(state)
    const [type, after] = AFTER_A_ROLLOUT[state] ?? []
    const event = rolloutEvent(type as RolloutEvent['type'], rolloutContextOf(saved), START + 4 * DAY)
    expect(next(saved, event).state).toBe(after)
  })
})

describe('what this build cannot read is refused, never guessed', () => {
  const wave = () => frozen('wave-soaking')
  const pause: WaveEvent = { type: 'PAUSE', at: START, by: 'Ida Holm', reason: 'because' }
  const context = () => wave().snapshot.context as object

  test('a version that this build does not know, newer or older', () => {
    expect(() => next({ ...wave(), version: 2 }, pause)).toThrow(/version 2; this build reads version 1/)
    expect(() => next({ ...wave(), version: 0 }, pause)).toThrow(/version 0/)
  })

  test('another machine', () => {
    expect(() => next({ ...wave(), machine: 'person' as 'wave' }, pause)).toThrow()
    expect(() => next({ ...wave(), machine: 'rollout' }, pause)).toThrow(/cannot be read/)
    expect(() => next({ ...frozen('rollout-running'), machine: 'wave' }, pause)).toThrow(/cannot be read/)
  })

  test('a machine that reads the state but not the context', () => {
    const other = frozen('rollout-completed')
    expect(() => next({ ...other, machine: 'wave' }, pause)).toThrow()
  })

  test('a state that has vanished', () => {
    const snapshot = { ...wave().snapshot, value: { live: 'basking' } }
    expect(() => next({ ...wave(), snapshot }, pause)).toThrow(/a saved wave cannot be read/)
  })

  test.each([
    ['nothing', undefined],
    ['a text', 'soaking'],
    ['no holds', (whole: object) => ({ ...whole, holds: undefined })],
    [
      'a hold of an unknown kind',
      (whole: object) => ({ ...whole, holds: [{ kind: 'mood', since: 0, by: '', reason: '' }] }),
    ],
    ['a time that is a text', (whole: object) => ({ ...whole, soakingSince: '2027-01-04' })],
  ])('a context that is %s', (_, malformed) => {
    const changed = typeof malformed === 'function' ? malformed(context()) : malformed
    expect(() => next({ ...wave(), snapshot: { ...wave().snapshot, context: changed } }, pause)).toThrow()
  })

  test('a snapshot without its parts', () => {
    for (const part of ['children', 'value', 'status']) {
      const { [part]: _, ...snapshot } = wave().snapshot
      expect(() => next({ ...wave(), snapshot: snapshot as Saved['snapshot'] }, pause), part).toThrow()
    }
  })
})
