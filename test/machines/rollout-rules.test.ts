import { describe, expect, test } from 'vitest'
import { policyOnly, rolloutIn } from './every-state.ts'
import { Together } from './together.ts'
import { DAY, HOUR, ROLLOUT, type RolloutWalk, walkRollout } from './walk.ts'

/** What it asks for, beside its timer. */
const asked = (rollout: RolloutWalk) => rollout.effects.filter(({ type }) => type !== 'wake')

describe('waves one after another', () => {
  test('the first begins with the start, each next one when the one before is complete', () => {
    const rollout = walkRollout().hears('START')
    expect(asked(rollout)).toMatchObject([{ type: 'tellWave', wave: 0, event: { type: 'BEGIN' } }])
    rollout.hears('WAVE_COMPLETED')
    expect(asked(rollout)).toMatchObject([{ type: 'tellWave', wave: 1, event: { type: 'BEGIN' } }])
  })

  test('a wave that says twice that it is complete begins one other wave', () => {
    const rollout = walkRollout().hears('START').hears('WAVE_COMPLETED', { wave: 0 })
    expect(rollout.hears('WAVE_COMPLETED', { wave: 0 }).moved).toBe(false)
    expect(rollout.context.current).toBe(1)
  })

  test('a held rollout begins no wave; the resume begins one, not all', () => {
    const rollout = rolloutIn('running')
      .hears('PAUSE')
      .hears('WAVE_COMPLETED')
      .after(90 * DAY)
    expect(rollout.context.current).toBe(0)
    rollout.hears('RESUME')
    expect(rollout.effects.filter((e) => e.type === 'tellWave' && e.event.type === 'BEGIN')).toHaveLength(1)
    expect(rollout.context.current).toBe(1)
  })

  test('it is completed when nobody was left over, completedWithLeftovers otherwise', () => {
    expect(rolloutIn('completed').context.leftovers).toEqual([0, 0, 0])
    expect(rolloutIn('completedWithLeftovers').context.leftovers).toEqual([0, 0, 3])
    const early = walkRollout().hears('START').hears('WAVE_COMPLETED', { leftovers: 1 })
    expect(early.hears('WAVE_COMPLETED').hears('WAVE_COMPLETED').state).toBe('completedWithLeftovers')
  })

  test('a wave taken back after the end leaves its people over', () => {
    const rollout = rolloutIn('completed').after(DAY).hears('WAVE_RESTORED', { wave: 1 })
    expect(rollout.state).toBe('completedWithLeftovers')
    expect(rollout.context.leftovers).toEqual([0, 100, 0])
  })
})

describe('holds of a rollout', () => {
  test('they are passed on to the wave under way, and so is their end', () => {
    const rollout = rolloutIn('running').hears('PAUSE')
    expect(asked(rollout)).toMatchObject([{ wave: 0, event: { type: 'HELD_ABOVE' } }])
    rollout.hears('RESUME')
    expect(asked(rollout)).toMatchObject([{ wave: 0, event: { type: 'RELEASED_ABOVE' } }])
  })

  test('a pause repeated keeps its age', () => {
    const rollout = rolloutIn('running').hears('PAUSE')
    const since = rollout.at
    expect(rollout.after(HOUR).hears('PAUSE').context.holds).toMatchObject([{ kind: 'user', since }])
  })

  test('a wave taken back by itself holds the rollout, and resume begins the next one', () => {
    const rollout = rolloutIn('running').hears('WAVE_RESTORED', {
      wave: 0,
      by: 'Ida Holm',
      reason: 'locked out',
    })
    expect(rollout.context.holds).toMatchObject([
      { kind: 'waveRolledBack', gate: 'wave 1', by: 'Ida Holm', reason: 'locked out' },
    ])
    rollout.hears('RESUME')
    expect(rollout.effects).toContainEqual({
      type: 'tellWave',
      wave: 1,
      event: { type: 'BEGIN', at: rollout.at },
    })
    rollout.hears('WAVE_COMPLETED').hears('WAVE_COMPLETED')
    expect(rollout.state).toBe('completedWithLeftovers')
  })

  test('an earlier wave taken back holds the one under way, and resume lets it go on', () => {
    const rollout = rolloutIn('running').hears('WAVE_COMPLETED').hears('WAVE_RESTORED', { wave: 0 })
    expect(asked(rollout)).toMatchObject([{ wave: 1, event: { type: 'HELD_ABOVE' } }])
    rollout.hears('RESUME')
    expect(asked(rollout)).toMatchObject([{ wave: 1, event: { type: 'RELEASED_ABOVE' } }])
    expect(rollout.context.current).toBe(1)
  })

  test('a rejected wave holds the rollout, and resume does not go past it', () => {
    const rollout = rolloutIn('running').hears('WAVE_REJECTED')
    expect(rollout.fork().hears('RESUME').moved).toBe(false)
    rollout.hears('PAUSE').hears('RESUME')
    expect(rollout.holds).toEqual(['rejected'])
    expect(rollout.context.current).toBe(0)
  })
})

describe('drift', () => {
  test('holds the wave under way, and only accept, revert or its end lifts it', () => {
    const rollout = rolloutIn('running').hears('DRIFTED')
    expect(rollout.effects).toMatchObject([{ wave: 0, event: { type: 'HELD_ABOVE' } }])
    expect(rollout.fork().hears('RESUME').moved).toBe(false)
    for (const word of ['ACCEPT', 'REVERT', 'DRIFT_GONE'] as const) {
      const lifted = rollout.fork().hears(word)
      expect(lifted.holds).toEqual([])
      expect(lifted.effects).toMatchObject([{ wave: 0, event: { type: 'RELEASED_ABOVE' } }])
    }
  })

  test('found again keeps its age, and says the newest finding', () => {
    const rollout = rolloutIn('running').hears('DRIFTED')
    const since = rollout.at
    rollout.after(HOUR).hears('DRIFTED', { reason: 'more', seen: 2 })
    expect(rollout.context.holds).toMatchObject([{ kind: 'drift', since, reason: 'more', seen: 2 }])
  })

  test('a completed wave that asks people in again is waited for before the next begins', () => {
    const rollout = rolloutIn('running').hears('DRIFTED').hears('WAVE_COMPLETED')
    rollout.hears('REVERT', { again: [0] })
    expect(rollout.effects).toMatchObject([{ wave: 0, event: { type: 'RELEASED_ABOVE' } }])
    rollout.hears('WAVE_COMPLETED', { wave: 0 })
    expect(rollout.effects).toMatchObject([{ wave: 1, event: { type: 'BEGIN' } }])
  })

  test('an earlier wave at work again keeps the rollout from ending', () => {
    const rollout = rolloutIn('running').hears('WAVE_COMPLETED').hears('WAVE_COMPLETED').hears('DRIFTED')
    rollout.hears('REVERT', { again: [0] }).hears('WAVE_COMPLETED', { wave: 2 })
    expect(rollout.state).toBe('running')
    expect(rollout.hears('WAVE_COMPLETED', { wave: 0 }).state).toBe('completed')
  })

  test('a loss that is left so while drift alone keeps the last wave from being the end is a leftover', () => {
    const rollout = rolloutIn('running').hears('WAVE_COMPLETED').hears('WAVE_COMPLETED').hears('DRIFTED')
    rollout.hears('WAVE_COMPLETED', { wave: 2 })
    expect(rollout.state).toBe('running')
    expect(rollout.hears('LOST', { wave: 0, people: 1 }).state).toBe('running')
    expect(rollout.hears('ACCEPT').state).toBe('completedWithLeftovers')
  })

  test('a loss that is left so makes leftovers of a completed rollout, and its window does not begin anew', () => {
    const rollout = rolloutIn('completed').hears('DRIFTED')
    const { endedAt } = rollout.context
    rollout.after(HOUR).hears('LOST', { wave: 0, people: 2 }).hears('ACCEPT')
    expect(rollout.state).toBe('completedWithLeftovers')
    expect(rollout.context).toMatchObject({ endedAt, holds: [] })
    expect(rollout.context.leftovers[0]).toBe(2)
  })

  test('is found in what has completed too, and bars no rollback', () => {
    const rollout = rolloutIn('completed').hears('DRIFTED')
    expect(rollout.holds).toEqual(['drift'])
    expect(rollout.hears('ROLLBACK').state).toBe('rollingBack')
  })
})

describe('abort', () => {
  test('the wave under way ends where it is and nobody is restored', () => {
    const rollout = rolloutIn('running').hears('PAUSE').hears('ABORT')
    expect(rollout.state).toBe('aborted')
    expect(rollout.holds).toEqual([])
    expect(asked(rollout)).toMatchObject([{ wave: 0, event: { type: 'ABORT', by: 'Ida Holm' } }])
  })

  test('a draft has no wave to tell', () => {
    const draft = walkRollout().hears('ABORT')
    expect(draft.state).toBe('aborted')
    expect(asked(draft)).toEqual([])
  })
})

describe('a rollout is taken back', () => {
  test.each(['running', 'completed', 'completedWithLeftovers', 'aborted', 'rollbackFailed'] as const)(
    'out of %s',
    (state) => {
      const rollout = rolloutIn(state)
      const newest = rollout.context.current
      rollout.hears('ROLLBACK')
      expect(rollout.state).toBe('rollingBack')
      expect(asked(rollout)).toMatchObject([{ wave: newest, event: { type: 'ROLLBACK', above: true } }])
    },
  )

  test('whatever holds it', () => {
    const rollout = rolloutIn('running').hears('PAUSE').hears('WAVE_REJECTED').hears('ROLLBACK')
    expect(rollout.state).toBe('rollingBack')
    expect(rollout.holds).toEqual([])
  })

  test('newest wave first, one after another, then the policy', () => {
    const rollout = rolloutIn('running').hears('WAVE_COMPLETED').hears('ROLLBACK')
    expect(asked(rollout)).toMatchObject([{ wave: 1 }])
    expect(rollout.fork().hears('WAVE_RESTORED', { wave: 0 }).moved).toBe(false)
    expect(asked(rollout.hears('WAVE_RESTORED', { wave: 1 }))).toMatchObject([{ wave: 0 }])
    expect(rollout.work).toEqual([])
    expect(rollout.hears('WAVE_RESTORED', { wave: 0 }).work).toEqual(['switchBack'])
    expect(rollout.hears('SWITCHED_BACK').state).toBe('rolledBack')
  })

  test('the policy stays while a wave is not cleanly back, and a second rollback starts over', () => {
    const rollout = rolloutIn('rollingBack').hears('WAVE_RESTORED', { clean: false }).hears('WAVE_RESTORED')
    expect(rollout.state).toBe('rollbackFailed')
    expect(rollout.work).toEqual([])
    rollout.hears('ROLLBACK').hears('WAVE_RESTORED').hears('WAVE_RESTORED')
    expect(rollout.work).toEqual(['switchBack'])
  })

  test('a policy that cannot be put back just now is tried again; an error ends in rollbackFailed', () => {
    const rollout = policyOnly().hears('WORK_FAILED', { passing: true })
    expect(rollout.context.wakeAt).toBe(rollout.at + ROLLOUT.recheckMs)
    expect(rollout.atWake().hears('WOKE').work).toEqual(['switchBack'])
    expect(rollout.fork().hears('SWITCHED_BACK').state).toBe('rolledBack')
    expect(rollout.hears('WORK_FAILED').state).toBe('rollbackFailed')
  })

  test('late answers of an old attempt and old wakes change nothing', () => {
    const rollout = policyOnly().hears('WORK_FAILED', { passing: true })
    const { attempt, wakeToken } = rollout.context
    expect(rollout.fork().hears('SWITCHED_BACK', { attempt }).moved).toBe(false)
    rollout.atWake().hears('WOKE')
    expect(rollout.fork().hears('SWITCHED_BACK', { attempt }).moved).toBe(false)
    expect(rollout.fork().hears('WOKE', { token: wakeToken }).moved).toBe(false)
  })

  test('outside its window it is refused, and a wave taken back late does not open the window anew', () => {
    const rollout = rolloutIn('completedWithLeftovers').after(ROLLOUT.rollbackWindowMs)
    expect(rollout.fork().hears('ROLLBACK').state).toBe('rollingBack')
    expect(rollout.hears('WAVE_RESTORED', { wave: 0 }).after(1).hears('ROLLBACK').moved).toBe(false)
    const clean = rolloutIn('completed').after(ROLLOUT.rollbackWindowMs).hears('WAVE_RESTORED', { wave: 0 })
    expect(clean.after(1).hears('ROLLBACK').moved).toBe(false)
  })

  test('rolled back, it is over', () => {
    const rollout = rolloutIn('rolledBack')
    for (const verb of ['ROLLBACK', 'START', 'RESUME', 'ABORT'] as const) {
      expect(rollout.hears(verb).moved).toBe(false)
    }
  })
})

describe('rollout and waves together', () => {
  const together = () => new Together(ROLLOUT)

  test('forward to the end, three waves, one after another', () => {
    const all = together().toRollout('START').onward()
    expect(all.rollout.state).toBe('completedWithLeftovers')
    expect(all.waves.map((wave) => wave.state)).toEqual(['completed', 'completed', 'completed'])
    expect(all.log.filter((word) => word.startsWith('enforce'))).toEqual([
      'enforce 0',
      'enforce 1',
      'enforce 2',
    ])
  })

  test('and back: newest wave first, then the policy', () => {
    const all = together().toRollout('START').onward()
    all.log.length = 0
    all.toRollout('ROLLBACK').onward()
    expect(all.rollout.state).toBe('rolledBack')
    expect(all.log).toEqual([
      'ROLLBACK 2',
      'restore 2',
      'ROLLBACK 1',
      'restore 1',
      'ROLLBACK 0',
      'restore 0',
      'switchBack',
    ])
  })

  test('a wave that was taken back before does not hang the rollback of its rollout', () => {
    const all = together().toRollout('START').onward()
    all.toWave(1, 'ROLLBACK').onward()
    expect(all.wave(1).state).toBe('rolledBack')
    all.toRollout('ROLLBACK').onward()
    expect(all.rollout.state).toBe('rolledBack')
  })

  test('a wave that is being taken back when its rollout is answers once it is done', () => {
    const all = together().toRollout('START').toWave(0, 'COHORT_FROZEN').toWave(0, 'ROLLBACK')
    all.toRollout('ROLLBACK').onward()
    expect(all.wave(0).state).toBe('rolledBack')
    expect(all.rollout.state).toBe('rolledBack')
    expect(all.log.filter((word) => word === 'restore 0')).toHaveLength(1)
  })

  test('a wave that was taken back before its turn holds the rollout again when its turn comes', () => {
    const all = together().toRollout('START').toWave(1, 'ROLLBACK').toWave(1, 'RESTORED')
    expect(all.rollout.holds).toEqual(['waveRolledBack'])
    all.toRollout('RESUME').onward()
    expect(all.rollout.context.current).toBe(1)
    expect(all.rollout.holds).toEqual(['waveRolledBack'])
    all.toRollout('RESUME').onward()
    expect(all.wave(2).state).toBe('completed')
    expect(all.rollout.state).toBe('completedWithLeftovers')
  })

  test('a pause of the rollout stops its wave until the resume', () => {
    const all = together().toRollout('START').toRollout('PAUSE').onward()
    expect(all.wave(0).state).toBe('preparing')
    expect(all.toRollout('RESUME').onward().rollout.state).toBe('completedWithLeftovers')
  })
})
