import { expect, test } from 'vitest'
import { rolloutIn, waveIn } from './every-state.ts'

test('a wave is not rolled back while somebody of it waits for a second person', () => {
  const wave = waveIn('rollingBack').hears('RESTORED', { leftIn: 1 })
  expect([
    wave.state,
    wave.effects.map((effect) => effect.type === 'tellRollout' && effect.event.type),
  ]).toEqual(['rollingBack', ['WAVE_LEFT_IN']])
  wave.hears('CONFIRMED')
  expect(wave.work).toEqual(['restore'])
  expect(wave.fork().hears('CONFIRMED').moved).toBe(false)
  expect(wave.hears('RESTORED').state).toBe('rolledBack')
})

test('a failure beside somebody who is left in is a failure', () => {
  expect(waveIn('rollingBack').hears('RESTORED', { leftIn: 1, failed: 1 }).state).toBe('rollbackFailed')
})

test('a wave that waits answers the rollback of its rollout', () => {
  const wave = waveIn('rollingBack').hears('RESTORED', { leftIn: 1 })
  expect(wave.fork().hears('ROLLBACK').moved).toBe(false)
  expect(wave.hears('ROLLBACK', { above: true }).work).toEqual(['restore'])
})

test('no other wave waits for a second person; the policy does', () => {
  const rollout = rolloutIn('running').hears('WAVE_COMPLETED').hears('ROLLBACK')
  const told = () => rollout.effects.flatMap((effect) => (effect.type === 'tellWave' ? [effect.wave] : []))
  expect(told()).toEqual([1])
  rollout.hears('WAVE_LEFT_IN', { wave: 1 })
  expect(told()).toEqual([0])
  rollout.hears('WAVE_RESTORED', { wave: 0 })
  expect([rollout.state, ...rollout.work]).toEqual(['rollingBack'])
  rollout.hears('WAVE_RESTORED', { wave: 1 })
  expect(rollout.work).toEqual(['switchBack'])
  expect(rollout.hears('SWITCHED_BACK').state).toBe('rolledBack')
})

test('what fails for the last of them fails the rollback', () => {
  const rollout = rolloutIn('running').hears('ROLLBACK').hears('WAVE_LEFT_IN', { wave: 0 })
  expect(rollout.hears('WAVE_RESTORED', { wave: 0, clean: false }).state).toBe('rollbackFailed')
})
