import { hasUsableMethod, type Person } from '../people/person.ts'
import { type Dice, dice } from '../random.ts'
import { nextTouch } from './working-day.ts'

const DAY = 86_400_000

/** What somebody is in the middle of. */
export type Stage = 'arriving' | 'touching' | 'retyping' | 'answering' | 'registering' | 'deniedAgain'

/** Where one person is in their days. */
export interface Routine {
  person: Person
  stage: Stage
  /** When the stage comes, in the people's time. */
  life: number
  /** Numbers tries, so that the rows of one can be told from those of another. */
  try: number
  /** How often this try has failed. */
  failures: number
  /** How often the registration wizard was left. */
  hesitations: number
  /** Counts steps; the draws of each depend on it. */
  step: number
  sessionUntil: number
  /** The session was opened with a second factor and satisfies a policy without a prompt. */
  sessionHasMfa: boolean
  /** When sessions were revoked that this person has noticed; 0: never. */
  revokedAt: number
}

/** Somebody's routine at the beginning; null for those who never sign in. */
export function firstRoutine(seed: number, person: Person, life: number, usesMfa: boolean): Routine | null {
  const touch = nextTouch(seed, person, life)
  if (!touch) return null
  const roll = dice(seed, 12, person.index)
  return {
    person,
    stage: touch.arrival ? 'arriving' : 'touching',
    life: touch.life,
    try: 0,
    failures: 0,
    hesitations: 0,
    step: 0,
    sessionUntil: life + roll() * person.habit.sessionDays * DAY,
    revokedAt: 0,
    sessionHasMfa: hasUsableMethod(person) && (usesMfa || roll() < 0.1),
  }
}

export function stepDice(seed: number, routine: Routine): Dice {
  return dice(seed, 13, routine.person.index, routine.step++)
}

/** Ends the try; the person comes back at the next moment of their days. */
export function rest(seed: number, routine: Routine): void {
  const touch = nextTouch(seed, routine.person, routine.life)
  if (!touch) {
    routine.life = Number.POSITIVE_INFINITY
    return
  }
  routine.stage = touch.arrival ? 'arriving' : 'touching'
  routine.life = touch.life
  routine.failures = 0
}

export function openSession(routine: Routine, withMfa: boolean): void {
  routine.sessionUntil = routine.life + routine.person.habit.sessionDays * DAY
  routine.sessionHasMfa = withMfa
}
