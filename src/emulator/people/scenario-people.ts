import { settled } from '../lagged.ts'
import type { Scenario } from '../scenario.ts'
import type { LegacyClient } from '../sign-ins/client.ts'
import type { Method, Person } from './person.ts'

/** Makes the people of a scenario what they are in it. Draws nothing, so that everything else stays as it was. */
export function adapt(people: Person[], scenario: Scenario): void {
  if (scenario === 'security-defaults') for (const person of people) useAuthenticator(person)
  if (scenario === 'legacy-clients') giveOldPrograms(people)
  if (scenario === 'half-done') enforceSome(people)
  if (scenario === 'untested-emergency') forgetTheDrill(people)
}

// They have lived under security defaults for long.
function useAuthenticator(person: Person): void {
  if (person.kind !== 'member' && person.kind !== 'guest') return
  if (person.habit.away || methodsOf(person).some((method) => method !== 'mobilePhone')) return
  person.methods = settled(['microsoftAuthenticatorPush', 'softwareOneTimePasscode'])
}

const DEVICES = ['Printer', 'Scanner', 'Printer', 'Booking system', 'Scanner', 'Printer']
const PROGRAMS: LegacyClient[] = ['IMAP4', 'Exchange ActiveSync', 'Authenticated SMTP', 'POP3']

/** For 1,200 people: 6 devices with an account as if they were people, and 12 people with an old mail program. */
function giveOldPrograms(people: Person[]): void {
  const ordinary = people.filter((person) => isOrdinary(person) && !person.habit.away)
  const share = (of: number) => Math.max(1, Math.round((people.length * of) / 1200))
  const devices = ordinary.filter((person) => methodsOf(person).length === 0).slice(0, share(6))
  const others = ordinary.filter((person) => !devices.includes(person)).slice(0, share(12))
  for (const [place, person] of devices.entries()) {
    const name = DEVICES[place % DEVICES.length] as string
    const address = `${name.toLowerCase().replace(' ', '-')}-${place + 1}@contoso.com`
    Object.assign(person, {
      ...{ displayName: `${name} ${place + 1}`, givenName: null, surname: null, jobTitle: null },
      ...{ userPrincipalName: address, mail: address, mobilePhone: null, employeeId: null, synced: false },
    })
    person.habit.device = true
    person.habit.legacyClient = 'Authenticated SMTP'
  }
  for (const [place, person] of others.entries()) {
    person.habit.legacyClient = PROGRAMS[place % PROGRAMS.length] as LegacyClient
  }
}

/** The second emergency account was made once, and never tried: no key, no sign-in. */
function forgetTheDrill([, second]: Person[]): void {
  if (!second) return
  second.methods = settled([])
  second.quietDays = null
}

function enforceSome(people: Person[]): void {
  for (const person of people) {
    if (!isOrdinary(person) || isInHalf(person) || methodsOf(person).length === 0) continue
    if (person.index % 7 !== 1) continue
    person.perUserMfa = 'enforced'
    person.perUserMfaLine = settled('enforced')
  }
}

/** Is in the group already, in a tenant where somebody began by hand: half of those who have a method, and some mistakes. */
export function isInHalf(person: Person): boolean {
  if (person.index === 2 || person.kind !== 'member' || person.roles.length > 0) return false
  if (person.index % 2 === 1) return false
  return methodsOf(person).length > 0 || person.habit.away
}

function isOrdinary(person: Person): boolean {
  return person.kind === 'member' && !['IT', 'Infrastructure'].includes(person.department ?? '')
}

function methodsOf(person: Person): readonly Method[] {
  return person.methods.lines[0]?.value ?? []
}
