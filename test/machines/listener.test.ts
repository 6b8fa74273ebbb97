import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RolloutEvent, WaveEvent } from '../../machines/language.ts'
import { listener, next } from '../../src/engine/step.ts'
import { type MachineVerb, wouldBe } from '../../src/service/look.ts'
import { VERBS } from '../../src/service/verbs.ts'
import { onwardRollout, onwardWave, ROLLOUT_VARIANTS, WAVE_VARIANTS } from './variants.ts'
import { HOUR, type RolloutWalk, type WaveWalk, walkRollout, walkWave } from './walk.ts'

const ABOUT_OTHERS = ['restart', 'resolve', 'defer', 'release', 'adopt', 'pass']
const verbs = Object.keys(VERBS).filter((verb) => !ABOUT_OTHERS.includes(verb)) as MachineVerb[]

/** On, or anything else, as the number says. */
function walkOn(walk: WaveWalk | RolloutWalk, isWave: boolean, variant: number): void {
  const [type, rest] = isWave
    ? (WAVE_VARIANTS[variant] ?? [onwardWave(walk as WaveWalk)])
    : (ROLLOUT_VARIANTS[variant] ?? [onwardRollout(walk as RolloutWalk)])
  walk.after(HOUR)
  const walked = walk as WaveWalk
  walked.hears(type as WaveEvent['type'], { ...rest })
}

test('wherever a rollout or wave is, what it would hear is what moves it', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(fc.oneof(fc.constant(-1), fc.nat(40)), { maxLength: 14 }),
      (isWave, moves) => {
        const walk = isWave ? walkWave() : walkRollout()
        for (const variant of [...moves, -1]) {
          const hears = listener(walk.saved)
          for (const verb of verbs) {
            const event = wouldBe(verb, 9e12) as RolloutEvent | WaveEvent
            expect([verb, hears(event)]).toEqual([verb, next(walk.saved, event).moved])
          }
          walkOn(walk, isWave, variant)
        }
      },
    ),
    { numRuns: 150 },
  )
})
