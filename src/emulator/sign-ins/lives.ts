import type { Directory } from '../directory/directory.ts'
import { eventQueue } from '../event-queue.ts'
import type { LifeTime } from '../life-time.ts'
import { dice } from '../random.ts'
import { type AttemptContext, takeStep } from './attempt.ts'
import { evaluate } from './conditional-access.ts'
import { firstRoutine, type Routine, rest } from './routine.ts'
import type { SignInLog } from './sign-in-log.ts'

export interface LivesOptions {
  seed: number
  directory: Directory
  time: LifeTime
  log: SignInLog
  /** Where history begins, in the people's time. */
  from: number
  /** Somebody has registered a method. */
  registered(routine: Routine, at: number): void
}

/** The people, living from day to day. */
export interface Lives {
  /** Lets everybody live until this moment of the clock. Asked often or seldom, they live the same lives. */
  advance(now: number): void
}

export function lives(options: LivesOptions): Lives {
  const { directory, time, log, seed } = options
  const queue = eventQueue()
  const routines = new Map<number, Routine>()
  for (const person of directory.people) {
    const routine = firstRoutine(seed, person, options.from)
    if (!routine) continue
    routines.set(person.index, routine)
    queue.push(routine.life, person.index)
  }
  const context: AttemptContext = {
    seed,
    isLegacy,
    evaluate: (routine) => evaluate(directory, routine.person, isLegacy(routine), time.toClock(routine.life)),
    log(routine, outcome) {
      const at = time.toClock(routine.life)
      log.add({ at, person: routine.person, try: routine.try, legacy: isLegacy(routine), ...outcome })
    },
    register: (routine) => options.registered(routine, time.toClock(routine.life)),
  }
  return {
    advance(now) {
      while (queue.size > 0 && time.toClock(queue.earliest()) <= now) {
        const number = queue.pop()
        const routine = routines.get(number) as Routine
        if (routine.person.deleted) continue
        const next = takeStep(context, routine)
        if (next) {
          routine.stage = next.stage
          routine.life += next.ms
        } else {
          rest(seed, routine)
        }
        queue.push(routine.life, number)
      }
      log.forget(now)
    },
  }
}

// Service accounts send mail by a protocol that knows no second factor.
function isLegacy(routine: Routine): boolean {
  return routine.person.kind === 'service'
}

/** Which of two ways somebody takes in the wizard. */
export function prefersPhone(seed: number, personIndex: number): boolean {
  return dice(seed, 14, personIndex)() < 0.2
}
