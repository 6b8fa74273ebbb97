import { describe, expect, test } from 'vitest'
import { rolloutIn, waveIn } from './every-state.ts'
import { Together } from './together.ts'
import { HOUR, MINUTE, ROLLOUT, spent, walkRollout } from './walk.ts'

describe('skip', () => {
  test('leaves a pending wave out and the next one begins in its place', () => {
    const all = new Together({ ...ROLLOUT, waves: 2 }).toRollout('START')
    all.toWave(1, 'SKIP')
    all.onward()
    expect(all.wave(1).state).toBe('skipped')
    expect(all.rollout.state).toBe('completedWithLeftovers')
  })

  test('takes the hold of a rejected wave along', () => {
    const rollout = rolloutIn('running').hears('WAVE_REJECTED')
    expect(rollout.holds).toEqual(['rejected'])
    rollout.hears('WAVE_SKIPPED')
    expect(rollout.holds).toEqual([])
  })

  test('is possible for an empty wave, and not for one whose people are on their way', () => {
    const empty = waveIn('preparing').hears('COHORT_FROZEN', { members: 0 })
    expect(empty.hears('SKIP').state).toBe('skipped')
    expect(waveIn('enforcing').hears('SKIP').moved).toBe(false)
  })
})

describe('accept', () => {
  const at = (count: number) => ({ gates: [{ ...spent('lockedOut'), count }] })

  test('takes a spent budget as it is, and holds again for one person more', () => {
    const wave = waveIn('soaking').hears('EVIDENCE_READ', at(3))
    expect(wave.holds).toEqual(['budgetSpent'])
    wave.hears('ACCEPT', { counts: { lockedOut: 3 } })
    expect(wave.holds).toEqual([])
    expect(wave.hears('EVIDENCE_READ', at(3)).holds).toEqual([])
    expect(wave.hears('EVIDENCE_READ', at(4)).holds).toEqual(['budgetSpent'])
  })

  test('lets the wave complete with what was accepted', () => {
    const wave = waveIn('judging')
      .hears('JUDGED', at(3))
      .hears('ACCEPT', { counts: { lockedOut: 3 } })
    expect(wave.after(MINUTE).hears('JUDGED', at(3)).state).toBe('completed')
  })

  test('lifts nothing that is not a spent budget', () => {
    expect(waveIn('soaking').hears('PAUSE').hears('ACCEPT').moved).toBe(false)
  })
})

describe('extend and shorten', () => {
  test('move the end of a soak that runs', () => {
    const wave = waveIn('soaking')
    const end = wave.context.wakeAt ?? 0
    wave.after(HOUR).hears('EXTEND', { ms: 5 * HOUR })
    expect(wave.context.wakeAt).toBe(end + 5 * HOUR)
    wave.hears('SHORTEN', { ms: 2 * HOUR })
    expect(wave.context.wakeAt).toBe(end + 3 * HOUR)
  })

  test('end a soak at once that has soaked enough, and wait for settling and propagation all the same', () => {
    const wave = waveIn('soaking')
      .after(HOUR)
      .hears('SHORTEN', { ms: 1_000 * HOUR })
    expect(wave.state).toBe('judging')
    expect(wave.context.wakeAt).toBeGreaterThan(wave.at)
  })

  test('of a paused soak count when it goes on', () => {
    const wave = waveIn('soaking').hears('PAUSE').hears('EXTEND', { ms: HOUR })
    expect(wave.context.wakeAt).toBeNull()
    const before = wave.context.settings.soakMs
    wave.after(HOUR).hears('RESUME')
    expect(wave.context.wakeAt).toBe(wave.at + before - wave.context.soakedMs)
  })
})

describe('freeze and disarm', () => {
  test.each([
    ['FREEZE', 'THAW', 'freeze'],
    ['DISARM', 'REARM', 'disarmed'],
  ] as const)('%s holds until %s, whatever is resumed', (hold, lift, kind) => {
    const rollout = walkRollout().hears('START').hears(hold)
    expect(rollout.holds).toEqual([kind])
    expect(rollout.hears('RESUME').moved).toBe(false)
    expect(rollout.hears(lift).holds).toEqual([])
  })

  test.each(['completed', 'completedWithLeftovers', 'aborted', 'rollbackFailed'] as const)(
    'a rollout that is %s can still be disarmed, and rearmed',
    (state) => {
      const rollout = rolloutIn(state).hears('DISARM')
      expect([rollout.state, rollout.holds]).toEqual([state, ['disarmed']])
      expect(rollout.hears('REARM').holds).toEqual([])
    },
  )

  test('a rollout that was disarmed is so after an abort, and can be rearmed', () => {
    const rollout = walkRollout().hears('START').hears('PAUSE').hears('DISARM').hears('ABORT')
    expect([rollout.state, rollout.holds]).toEqual(['aborted', ['disarmed']])
    expect(rollout.hears('REARM').holds).toEqual([])
  })

  test('nothing is rearmed that was not disarmed', () => {
    expect(rolloutIn('running').hears('REARM').moved).toBe(false)
  })

  test('a wave under way hears of it, and soak stops', () => {
    const all = new Together({ ...ROLLOUT, waves: 1 }).toRollout('START')
    all.toRollout('DISARM')
    expect(all.wave(0).context.heldAbove).toBe(true)
    all.toRollout('REARM')
    expect(all.wave(0).context.heldAbove).toBe(false)
  })
})
