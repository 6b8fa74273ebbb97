import { describe, expect, test } from 'vitest'
import { rolloutIn, waveIn } from './every-state.ts'
import { Together } from './together.ts'
import { DAY, fail, HOUR, MINUTE, ROLLOUT } from './walk.ts'

describe('a wave of which nobody was changed', () => {
  test.each(['checkingReadiness', 'awaitingApproval', 'awaitingWindow', 'rejected'] as const)(
    'in %s is judged and approved afresh, over the cohort that stands',
    (state) => {
      const wave = waveIn(state)
      const { cohort, attempt } = wave.context
      wave.after(MINUTE).hears('REVISED')
      expect(wave.state).toBe('checkingReadiness')
      expect(wave.work).toEqual(['judgeReadiness'])
      expect(wave.context).toMatchObject({ cohort, approvedBy: null, attempt: attempt + 1 })
      expect(wave.hears('READINESS_JUDGED', { attempt }).moved).toBe(false)
      wave.hears('READINESS_JUDGED')
      expect(wave.state).toBe('awaitingApproval')
    },
  )

  test('whose cohort was being frozen or is empty is filled again, and an old answer counts no more', () => {
    const frozen = waveIn('preparing')
    const { attempt } = frozen.context
    expect(frozen.hears('REVISED').work).toEqual(['freezeCohort'])
    expect(frozen.hears('COHORT_FROZEN', { attempt }).moved).toBe(false)
    const empty = waveIn('preparing').hears('COHORT_FROZEN', { members: 0 })
    expect(empty.holds).toEqual(['empty'])
    empty.after(HOUR).hears('REVISED')
    expect(empty).toMatchObject({ state: 'preparing', holds: [], work: ['freezeCohort'] })
    expect(empty.context.cohort).toBeNull()
  })

  test('all of whom are deferred is judged again', () => {
    const wave = waveIn('checkingReadiness').hears('READINESS_JUDGED', { toEnforce: 0 })
    expect(wave.holds).toEqual(['empty'])
    expect(wave.hears('REVISED')).toMatchObject({ holds: [], work: ['judgeReadiness'] })
  })

  test('stays held by what else holds it, and asks nothing meanwhile', () => {
    const paused = waveIn('awaitingApproval').hears('PAUSE').hears('REVISED')
    expect(paused).toMatchObject({ state: 'checkingReadiness', holds: ['user'], work: [] })
    const above = waveIn('rejected').hears('REVISED', { held: true })
    expect(above.work).toEqual([])
    expect(above.hears('RELEASED_ABOVE').work).toEqual(['judgeReadiness'])
    const failed = waveIn('checkingReadiness').hears('READINESS_JUDGED', { gates: [fail('readiness')] })
    expect(failed.hears('REVISED').holds).toEqual(['gateFailed'])
  })
})

describe('a wave whose people are under way', () => {
  test.each(['enforcing', 'soaking', 'judging'] as const)('in %s goes on as it was approved', (state) => {
    const wave = waveIn(state)
    const { approvedBy } = wave.context
    wave.hears('REVISED', { paceMs: 2 * HOUR })
    expect(wave.state).toBe(state)
    expect(wave.context.approvedBy).toBe(approvedBy)
    expect(wave.context.settings.paceMs).toBe(2 * HOUR)
  })

  test('soaks as long as the new plan says, and as extended where that says the same', () => {
    const wave = waveIn('soaking')
    const start = wave.at
    wave.after(HOUR).hears('REVISED', { soakMs: 3 * HOUR })
    expect(wave.context.wakeAt).toBe(start + 3 * HOUR)
    wave.hears('EXTEND', { ms: HOUR }).hears('REVISED')
    expect(wave.context.settings.soakMs).toBe(4 * HOUR)
    wave.after(HOUR).hears('REVISED', { soakMs: HOUR })
    expect(wave.state).toBe('judging')
  })

  test('that was about to be judged soaks on when the soak became longer', () => {
    const wave = waveIn('soaking').hears('HELD_ABOVE')
    wave
      .after(DAY)
      .hears('REVISED', { soakMs: 3 * DAY })
      .hears('RELEASED_ABOVE')
    expect(wave.state).toBe('soaking')
    expect(wave.context.soakEndedAt).toBeNull()
  })
})

test('what is over, and what is still to come, hears nothing of it', () => {
  for (const state of ['pending', 'completed', 'rolledBack', 'skipped', 'aborted', 'rollingBack'] as const)
    expect(waveIn(state).hears('REVISED').moved, state).toBe(false)
  for (const state of ['completed', 'aborted', 'rollingBack', 'rolledBack'] as const)
    expect(rolloutIn(state).hears('REVISED').moved, state).toBe(false)
})

describe('a rollout', () => {
  test('goes on to waves that a revision added while the last one was held', () => {
    const all = new Together({ ...ROLLOUT, waves: 2 }).toRollout('START').onward()
    expect(all.rollout.state).toBe('completedWithLeftovers')
    const rollout = rolloutIn('running', { waves: 1 }).hears('PAUSE').hears('WAVE_COMPLETED')
    expect(rollout.state).toBe('running')
    rollout.hears('REVISED', { waves: 2, current: null }).hears('RESUME')
    expect(rollout.effects).toContainEqual(expect.objectContaining({ type: 'tellWave', wave: 1 }))
    expect(rollout.state).toBe('running')
  })

  test('waits for a wave that was rejected and goes on under another plan, instead of the next', () => {
    const all = new Together(ROLLOUT).toRollout('START')
    all.toWave(0, 'COHORT_FROZEN').toWave(0, 'READINESS_JUDGED').toWave(0, 'REJECT')
    expect(all.rollout.holds).toEqual(['rejected'])
    all.toRollout('REVISED')
    expect(all.rollout.holds).toEqual([])
    expect([all.wave(0).state, all.wave(1).state]).toEqual(['checkingReadiness', 'pending'])
    all.toWave(0, 'READINESS_JUDGED')
    expect(all.wave(0).state).toBe('awaitingApproval')
    all.onward()
    expect(all.waves.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed'])
  })
})
