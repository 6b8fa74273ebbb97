import { describe, expect, test } from 'vitest'
import { ROLLOUT_STATES, type RolloutEvent, WAVE_STATES, type WaveEvent } from '../../machines/language.ts'
import { standing } from './print.ts'
import { ROLLOUT_VARIANTS, WAVE_VARIANTS } from './variants.ts'
import { MINUTE, type RolloutWalk, type WaveWalk, walkRollout, walkWave } from './walk.ts'

interface Place<W> {
  walk: W
  state: string
  to: Set<string>
}

const DEEPEST_HOLDS = 2

/** Every configuration that the concrete events lead to, breadth first; beyond two holds at once is not walked. */
function explore<W extends WaveWalk | RolloutWalk>(
  start: W,
  step: (from: W) => W[],
  keyOf: (walk: W) => string,
) {
  const places = new Map<string, Place<W>>([
    [keyOf(start), { walk: start, state: start.state, to: new Set() }],
  ])
  for (const place of places.values()) {
    for (const there of step(place.walk)) {
      if (!there.moved || there.context.holds.length > DEEPEST_HOLDS) continue
      const key = keyOf(there)
      place.to.add(key)
      if (!places.has(key)) places.set(key, { walk: there, state: there.state, to: new Set() })
    }
  }
  return places
}

/** The configurations from which one of these states is reached. */
function leadingTo<W>(places: Map<string, Place<W>>, states: readonly string[]): Set<string> {
  const good = new Set([...places].filter(([, place]) => states.includes(place.state)).map(([key]) => key))
  for (let before = -1; before < good.size; ) {
    before = good.size
    for (const [key, place] of places) if ([...place.to].some((next) => good.has(next))) good.add(key)
  }
  return good
}

function waveKey(wave: WaveWalk): string {
  const { asked, heldAbove, wakeAt, unknown, soakEndedAt, approvedBy } = wave.context
  const { ahead, withPreparation } = wave.context
  const facts = [
    ahead,
    withPreparation,
    asked?.work,
    asked?.stands,
    wakeAt !== null,
    unknown > 0,
    soakEndedAt !== null,
    approvedBy,
  ]
  return [standing(wave), heldAbove, ...facts].join('|')
}

function rolloutKey(rollout: RolloutWalk): string {
  const { asked, current, waiting, restoring, unclean, wakeAt } = rollout.context
  const { graduated, withPreparation } = rollout.context
  return [
    standing(rollout),
    asked?.work,
    asked?.stands,
    graduated,
    withPreparation,
    current,
    waiting,
    restoring,
    unclean > 0,
    wakeAt !== null,
  ].join('|')
}

describe('the paths of a wave', () => {
  const step = (from: WaveWalk) =>
    WAVE_VARIANTS.map(([type, rest]) => {
      const there = from.fork() as WaveWalk
      there.after(MINUTE)
      return (type === 'WOKE' ? there.atWake() : there).hears(type as WaveEvent['type'], rest)
    })
  const places = explore(walkWave() as WaveWalk, step, waveKey)
  const except = (good: Set<string>, states: readonly string[]) =>
    [...places].filter(([key, place]) => !good.has(key) && !states.includes(place.state)).map(([key]) => key)

  test('lead to every state', () => {
    expect([...new Set([...places.values()].map((place) => place.state))].sort()).toEqual(
      [...WAVE_STATES].sort(),
    )
  })

  test('always lead to an end, and always to rolledBack', () => {
    expect(except(leadingTo(places, ['completed', 'aborted', 'rolledBack']), [])).toEqual([])
    expect(except(leadingTo(places, ['rolledBack']), [])).toEqual([])
  })

  test('lead to completed from wherever a wave is live, but for a spent budget and an empty cohort', () => {
    const ended = ['aborted', 'rejected', 'skipped', 'rollingBack', 'rolledBack', 'rollbackFailed']
    const lost = except(leadingTo(places, ['completed']), ended)
    expect(lost.filter((key) => !/budgetSpent|empty/.test(key))).toEqual([])
  })

  test('have an exit everywhere but in rolledBack', () => {
    const dead = [...places].filter(([key, place]) => ![...place.to].some((next) => next !== key))
    expect([...new Set(dead.map(([, place]) => place.state))]).toEqual(['rolledBack'])
  })
})

describe('the paths of a rollout', () => {
  const step = (from: RolloutWalk) =>
    ROLLOUT_VARIANTS.map(([type, rest]) => {
      const there = from.fork() as RolloutWalk
      there.after(MINUTE)
      return (type === 'WOKE' ? there.atWake() : there).hears(type as RolloutEvent['type'], rest)
    })
  const places = explore(walkRollout() as RolloutWalk, step, rolloutKey)

  test('lead to every state', () => {
    const states = [...places.values()].map((place) => place.state)
    expect([...new Set(states)].sort()).toEqual([...ROLLOUT_STATES].sort())
  })

  test('lead back to rolledBack from everywhere but a draft', () => {
    const good = leadingTo(places, ['rolledBack'])
    expect([...places.keys()].filter((key) => !good.has(key))).toEqual([])
  })

  test('lead to completed or completedWithLeftovers while it runs, but for a rejected wave', () => {
    const good = leadingTo(places, ['completed', 'completedWithLeftovers'])
    const lost = [...places].filter(([key, place]) => place.state === 'running' && !good.has(key))
    expect(lost.filter(([key]) => !key.includes('rejected')).map(([key]) => key)).toEqual([])
  })

  test('have an exit everywhere but in rolledBack', () => {
    const dead = [...places.values()].filter((place) => place.to.size === 0)
    expect([...new Set(dead.map((place) => place.state))]).toEqual(['rolledBack'])
  })
})
