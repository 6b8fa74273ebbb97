import type { Directory } from '../directory/directory.ts'
import { latest } from '../lagged.ts'
import type { LifeTime } from '../life-time.ts'
import type { Person } from '../people/person.ts'
import { between, type Dice, dice, mix, pick } from '../random.ts'
import { whatIsAsked } from './asked.ts'
import { type LoggedOutcome, logged } from './attempt.ts'
import type { Place } from './place.ts'
import type { SignInLog } from './sign-in-log.ts'

const SECOND = 1000
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Countries nobody of the tenant works in. */
const ORIGINS = [
  ['Sao Paulo', 'BR'],
  ['Hanoi', 'VN'],
  ['Lagos', 'NG'],
  ['Jakarta', 'ID'],
  ['Bucharest', 'RO'],
] as const

export interface AttackersOptions {
  seed: number
  directory: Directory
  time: LifeTime
  log: SignInLog
  later(at: number, run: (at: number) => void): void
}

/** Strangers try passwords on many accounts, every day from this moment of the people's time on. */
export function attack(options: AttackersOptions, from: number): void {
  const { seed, directory, time, log, later } = options
  let tries = 0

  function storm(life: number): void {
    const roll = dice(seed, 51, Math.floor(life / DAY))
    const places = Array.from({ length: 5 }, () => origin(roll))
    for (const person of [...directory.people]) {
      if (person.kind !== 'member' && person.kind !== 'guest') continue
      const known = isKnown(seed, person)
      const guesses = roll() < 0.3 ? Math.ceil(roll() * 3) : 0
      const begin = life + roll() * 3 * HOUR
      const place = pick(roll, places)
      for (let n = 0; n < guesses; n++) {
        at(begin + n * between(roll, 20, 90) * SECOND, (now) => guess(person, place, roll() < 0.06, now))
      }
      if (known && roll() < 0.5) {
        const keys = Math.floor(roll() * 2 ** 31)
        at(begin + HOUR, (now) => enter(person, place, dice(seed, 53, keys), now))
      }
    }
    at(life + DAY, () => storm(life + DAY))
  }

  const at = (life: number, run: (now: number) => void) => later(time.toClock(life), run)

  function guess(person: Person, place: Place, locked: boolean, now: number): void {
    if (person.deleted) return
    const code = !person.accountEnabled ? 50057 : locked ? 50053 : 50126
    const nothing = { details: '', applied: [], conditionalAccess: 'notApplied', providers: [] } as const
    write(person, now, { client: 'modern', place, code, ...nothing, factor: null })
  }

  /** The password is right; now it depends on who asks for more. */
  function enter(person: Person, place: Place, roll: Dice, now: number): void {
    if (person.deleted || !person.accountEnabled) return
    const knock = { person, client: 'modern', place, risk: 'high' } as const
    const asked = whatIsAsked(directory, knock, now)
    const say = (time: number, code: number, details: string, outcome: Parameters<typeof logged>[4]) =>
      write(person, time, logged(knock, asked, code, details, outcome))
    const methods = latest(person.methods)
    if (asked.block) say(now, 53003, '', 'failed')
    else if (asked.providers.length === 0) say(now, 0, '', 'unasked')
    else say(now, methods.length === 0 ? 50079 : 50074, '', 'interrupted')
    const prompted = !asked.block && asked.providers.length > 0
    if (!prompted || !methods.includes('microsoftAuthenticatorPush')) return
    // Prompts on the telephone of somebody who asked for none, until they tire of it.
    const why =
      roll() < 0.7 ? 'user declined the authentication' : 'user did not respond to mobile app notification'
    const prompts = 1 + Math.floor(roll() * 3)
    for (let n = 1; n <= prompts; n++) {
      later(now + time.scaled(n * between(roll, 25, 60) * SECOND), (moment) => {
        say(moment, 500121, `MFA denied; ${why}`, 'failed')
      })
    }
  }

  function write(person: Person, now: number, row: LoggedOutcome): void {
    log.add({ at: now, person, try: -++tries, ...row })
  }

  at(from, () => storm(from))
}

/** Four in a hundred use a password that strangers know. */
function isKnown(seed: number, person: Person): boolean {
  return mix(seed, 52, person.index) % 100 < 4
}

function origin(roll: Dice): Place {
  const [city, country] = pick(roll, ORIGINS)
  return { ip: `198.19.${Math.floor(roll() * 256)}.${1 + Math.floor(roll() * 254)}`, city, country }
}
