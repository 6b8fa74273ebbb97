import type { Directory } from '../directory/directory.ts'
import { eventQueue } from '../event-queue.ts'
import type { LifeTime } from '../life-time.ts'
import type { Method, Person } from '../people/person.ts'
import { dice } from '../random.ts'
import { whatIsAsked } from './asked.ts'
import { type AttemptContext, takeStep } from './attempt.ts'
import { clientOf } from './client.ts'
import { nudges } from './nudge.ts'
import { placeOf } from './place.ts'
import { firstRoutine, type Routine, rest } from './routine.ts'
import type { SignInLog } from './sign-in-log.ts'

export interface LivesOptions {
  seed: number
  directory: Directory
  time: LifeTime
  log: SignInLog
  /** Where history begins, in the people's time. */
  from: number
  /** Somebody signs in by a Temporary Access Pass; false: there is none that is good. */
  usesPass(person: Person, at: number): boolean
  /** Somebody has registered a method. */
  registered(person: Person, at: number, added: readonly Method[]): void
}

/** The people, living from day to day. */
export interface Lives {
  /** Lets everybody live until this moment of the clock. Asked often or seldom, they live the same lives. */
  advance(now: number): void
  /** Lets something happen at a moment of the clock, in its turn among all that people do. */
  later(at: number, run: (at: number) => void): void
  /** Somebody new comes to work. */
  join(person: Person, at: number): void
}

/** Numbers of the queue from here up are things that happen once, below they are people. */
const FIRST_HAPPENING = 2 ** 30

export function lives(options: LivesOptions): Lives {
  const { directory, time, log, seed } = options
  const queue = eventQueue()
  const routines = new Map<number, Routine>()
  const happenings = new Map<number, (at: number) => void>()
  let lastHappening = FIRST_HAPPENING

  function begin(person: Person, life: number): void {
    const knock = { person, client: 'modern', place: placeOf(seed, person, life) } as const
    const asked = whatIsAsked(directory, knock, time.toClock(life))
    const usesMfa = asked.providers.length > 0 || person.roles.length > 0
    const routine = firstRoutine(seed, person, life, usesMfa)
    if (!routine) return
    routines.set(person.index, routine)
    queue.push(routine.life, person.index)
  }

  for (const person of directory.people) begin(person, options.from)
  const nudge = nudges(seed, directory)
  const context: AttemptContext = {
    seed,
    knock: (routine) => ({
      person: routine.person,
      client: clientOf(routine),
      place: placeOf(seed, routine.person, routine.life),
    }),
    ask: (routine, knock) => whatIsAsked(directory, knock, time.toClock(routine.life)),
    log(routine, outcome) {
      const at = time.toClock(routine.life)
      log.add({ at, person: routine.person, try: routine.try, ...outcome })
    },
    usesPass: (routine) => options.usesPass(routine.person, time.toClock(routine.life)),
    sessionsEnded: (routine) => directory.sessionsEnded.get(routine.person.id) ?? 0,
    register(routine, { securityDefaults }) {
      const byPhone = !securityDefaults && prefersPhone(seed, routine.person.index)
      options.registered(routine.person, time.toClock(routine.life), byPhone ? BY_PHONE : BY_APP)
    },
    completed(routine) {
      const added = nudge(routine.person, routine.life)
      if (added.length > 0) options.registered(routine.person, time.toClock(routine.life), added)
    },
  }

  function live(routine: Routine): void {
    // Who was deleted may come back from the bin.
    const next = routine.person.deleted ? null : takeStep(context, routine)
    if (next) {
      routine.stage = next.stage
      routine.life += next.ms
    } else {
      rest(seed, routine)
    }
    queue.push(routine.life, routine.person.index)
  }

  return {
    advance(now) {
      while (queue.size > 0 && time.toClock(queue.earliest()) <= now) {
        const at = time.toClock(queue.earliest())
        const number = queue.pop()
        const routine = routines.get(number)
        if (routine) {
          live(routine)
          continue
        }
        const run = happenings.get(number)
        happenings.delete(number)
        run?.(at)
      }
      log.forget(now)
    },
    later(at, run) {
      happenings.set(++lastHappening, run)
      queue.push(time.toLife(at), lastHappening)
    },
    join: (person, at) => begin(person, time.toLife(at)),
  }
}

const BY_PHONE: readonly Method[] = ['mobilePhone']
const BY_APP: readonly Method[] = ['microsoftAuthenticatorPush', 'softwareOneTimePasscode']

/** Which of two ways somebody takes in the wizard. */
function prefersPhone(seed: number, personIndex: number): boolean {
  return dice(seed, 14, personIndex)() < 0.2
}
