import { describe, expect, test } from 'vitest'
import { DAY, type RolloutWalk, walkRollout } from './walk.ts'

const none = { ready: 0 }

/** A rollout of one wave, which is completed. */
function catchingUp(): RolloutWalk {
  return walkRollout({ waves: 1, catchUpMs: 7 * DAY })
    .hears('START')
    .after(DAY)
    .hears('WAVE_COMPLETED')
}

const told = (rollout: RolloutWalk) =>
  rollout.effects.flatMap((effect) =>
    effect.type === 'tellWave' ? [`${effect.event.type} ${effect.wave}`] : [],
  )

describe('after the last wave of the plan', () => {
  test('who is left over is counted, and a round begins when somebody of them is ready', () => {
    const rollout = catchingUp()
    expect([rollout.state, ...rollout.work]).toEqual(['running', 'countLeftovers'])
    rollout.hears('LEFTOVERS_COUNTED')
    expect(told(rollout)).toEqual(['BEGIN 1'])
    rollout.after(DAY).hears('WAVE_COMPLETED')
    expect(rollout.work).toEqual(['countLeftovers'])
  })

  test('it looks again after the time of the plan while nobody is ready', () => {
    const rollout = catchingUp().hears('LEFTOVERS_COUNTED', none)
    expect([rollout.state, told(rollout)]).toEqual(['running', []])
    expect(rollout.context.wakeAt).toBe(rollout.at + 7 * DAY)
    rollout.atWake().hears('WOKE')
    expect(rollout.work).toEqual(['countLeftovers'])
  })

  test('it ends when nobody is left whom it may take; who stays untouched is a leftover all the same', () => {
    expect(catchingUp().hears('LEFTOVERS_COUNTED', { waves: 1, leftovers: 0, open: 0 }).state).toBe(
      'completed',
    )
    const some = catchingUp().hears('LEFTOVERS_COUNTED', { waves: 1, leftovers: 2, open: 0 })
    expect(some.state).toBe('completedWithLeftovers')
  })

  test('the round that waits can be skipped, and an answer that comes late changes nothing', () => {
    const rollout = catchingUp().hears('LEFTOVERS_COUNTED', none).hears('WAVE_SKIPPED', { wave: 1 })
    expect(told(rollout)).toContain('BEGIN 1')
    expect(rollout.context.wakeAt).toBeNull()
    rollout.hears('WAVE_SKIPPED', { wave: 1 })
    expect(rollout.state).toBe('completedWithLeftovers')
    expect(rollout.hears('LEFTOVERS_COUNTED').moved).toBe(false)
  })

  test('skipping a round that is under way leaves the others', () => {
    const rollout = catchingUp().hears('LEFTOVERS_COUNTED').hears('WAVE_SKIPPED', { wave: 1 })
    expect([rollout.state, ...rollout.work]).toEqual(['running', 'countLeftovers'])
  })

  test('no round begins while the rollout is held, nor sooner than the plan says after the one before', () => {
    const held = catchingUp().hears('PAUSE').hears('LEFTOVERS_COUNTED')
    expect(told(held)).not.toContain('BEGIN 1')
    expect(told(held.hears('RESUME'))).toContain('BEGIN 1')
    const soon = held.after(DAY).hears('WAVE_COMPLETED').hears('LEFTOVERS_COUNTED')
    expect(told(soon)).toEqual([])
    expect(soon.context.wakeAt).toBe(soon.at + 6 * DAY)
  })

  test('a count that fails for good holds, and is made again after a resume', () => {
    const rollout = catchingUp().hears('WORK_FAILED')
    expect(rollout.holds).toEqual(['error'])
    expect(rollout.hears('RESUME').work).toEqual(['countLeftovers'])
  })

  test('a rollback takes back what has begun, and no timer is left', () => {
    const rollout = catchingUp().hears('LEFTOVERS_COUNTED', none).hears('ROLLBACK')
    expect(told(rollout)).toEqual(['ROLLBACK 0'])
    expect(rollout.effects.filter(({ type }) => type === 'wake')).toMatchObject([{ at: null }])
  })
})
