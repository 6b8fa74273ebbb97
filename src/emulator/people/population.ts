import { DateTime } from 'luxon'
import { settled } from '../lagged.ts'
import { between, type Dice, dice, guid, pick, textHash } from '../random.ts'
import type { Scenario } from '../scenario.ts'
import { languageOf, quietDaysOf } from './background.ts'
import { composition, type Place } from './composition.ts'
import { DEPARTMENTS, FIRST_NAMES, LAST_NAMES, OFFICES } from './names.ts'
import type { Habit, Method, Person, PerUserMfaState } from './person.ts'
import { ownMobile, writtenDown } from './phones.ts'
import { giveManagers } from './reporting-line.ts'
import { adapt } from './scenario-people.ts'

export interface PopulationOptions {
  people: number
  seed: number
  scenario: Scenario
  /** When the tenant was switched on; nobody was hired later. */
  epoch: number
}

/** Everybody in the tenant, drawn from the seed. */
export function population(options: PopulationOptions): Person[] {
  const taken = new Set<string>()
  const people = composition(options.people).map((place, index) => {
    const roll = dice(options.seed, textHash('person'), index)
    const person = basics(options, place, index, roll, taken)
    person.methods = settled(methodsAtStart(place, person, roll))
    giveState(options, place, person, roll)
    person.quietDays = quietDaysOf(options.seed, person)
    return person
  })
  adapt(people, options.scenario)
  for (const person of people) registerPhone(person)
  giveManagers(people)
  return people
}

function basics(
  options: PopulationOptions,
  place: Place,
  index: number,
  roll: Dice,
  taken: Set<string>,
): Person {
  const given = pick(roll, FIRST_NAMES)
  const surname = pick(roll, LAST_NAMES)
  const office = pick(roll, OFFICES)
  const department = pick(roll, DEPARTMENTS)
  const account = accountOf(place, index, given, surname, taken)
  const human = place.kind === 'member' || place.kind === 'guest'
  const hired = DateTime.fromMillis(options.epoch, { zone: 'utc' }).minus({
    days: Math.floor(between(roll, 40, 4000)),
  })
  const own = ownMobile(index, office)
  const hasNumber = place.kind === 'member' && roll() < 0.88
  // Drawn for nothing: everything after it stays as it was.
  if (hasNumber) roll()
  const inDepartment = place.inIt ? 'IT' : place.admin ? 'Infrastructure' : department.name
  return {
    index,
    id: guid(options.seed, `user/${index}`),
    kind: place.kind,
    ...account,
    givenName: human ? (index === 2 ? 'Test' : given) : null,
    surname: human ? (index === 2 ? 'User' : surname) : null,
    department: place.kind === 'member' ? inDepartment : null,
    jobTitle:
      place.kind === 'member'
        ? place.inIt || place.admin
          ? 'Systems Engineer'
          : pick(roll, department.titles)
        : null,
    employeeId: place.kind === 'member' ? String(100000 + index) : null,
    employeeType: place.kind !== 'member' ? null : index % 13 === 5 ? 'Contractor' : 'Employee',
    manager: null,
    office,
    mobilePhone: hasNumber ? writtenDown(options.seed, index, own, office) : null,
    ownMobile: own,
    preferredLanguage: place.kind === 'member' ? languageOf(options.seed, index, office) : null,
    createdDateTime: `${hired.toFormat("yyyy-MM-dd'T'HH:mm:ss")}Z`,
    synced: place.kind === 'member' && index !== 2 && roll() < 0.4,
    accountEnabled: place.kind !== 'shared',
    licensed: place.kind === 'member',
    deleted: null,
    roles: [],
    eligibleRoles: [],
    perUserMfa: 'disabled',
    perUserMfaLine: settled('disabled'),
    methods: settled([]),
    phones: settled({}),
    phoneIsDefault: false,
    phoneBroken: false,
    signedInAt: null,
    unreported: false,
    habit: habitOf(place, index, roll),
    quietDays: null,
  }
}

type Account = Pick<Person, 'userPrincipalName' | 'displayName' | 'mail'>

function accountOf(place: Place, index: number, given: string, surname: string, taken: Set<string>): Account {
  if (place.kind === 'emergency') {
    const name = `bg${index + 1}`
    return {
      userPrincipalName: `${name}@contoso.onmicrosoft.com`,
      displayName: `Emergency access ${index + 1}`,
      mail: null,
    }
  }
  if (index === 2)
    return {
      userPrincipalName: 'test.user@contoso.com',
      displayName: 'Test User',
      mail: 'test.user@contoso.com',
    }
  if (place.kind === 'service' || place.kind === 'shared') {
    const name = `${place.kind === 'service' ? 'svc' : 'mailbox'}-${index}`
    const display = place.kind === 'service' ? `Service account ${index}` : `Shared mailbox ${index}`
    return { userPrincipalName: `${name}@contoso.com`, displayName: display, mail: `${name}@contoso.com` }
  }
  const base = `${given}.${surname}`.toLowerCase()
  const name = taken.has(base) ? `${base}${index}` : base
  taken.add(name)
  if (place.kind === 'member') {
    return {
      userPrincipalName: `${name}@contoso.com`,
      displayName: `${given} ${surname}`,
      mail: `${name}@contoso.com`,
    }
  }
  const upn = `${name}_fabrikam.com#EXT#@contoso.onmicrosoft.com`
  return { userPrincipalName: upn, displayName: `${given} ${surname}`, mail: `${name}@fabrikam.com` }
}

export function habitOf(place: Place, index: number, roll: Dice): Habit {
  const idle = place.kind === 'emergency' || place.kind === 'shared'
  const away = roll() < 0.028
  return {
    away: idle || (away && !place.inIt && !place.admin),
    diligent: index === 2,
    arrival: between(roll, 7, 9.5),
    sessionDays: index === 2 ? 0 : between(roll, 2, 9),
    hesitant: roll() < 0.08,
    legacyClient: null,
    device: false,
  }
}

function methodsAtStart(place: Place, person: Person, roll: Dice): Method[] {
  if (person.index === 2 || place.admin) return ['microsoftAuthenticatorPush', 'softwareOneTimePasscode']
  if (place.kind === 'emergency') return ['passKeyDeviceBound']
  if (place.kind !== 'member') return []
  const kind = roll()
  if (kind < (place.inIt ? 0.05 : 0.25)) return []
  if (kind < 0.63) return ['microsoftAuthenticatorPush', 'softwareOneTimePasscode']
  if (kind < 0.84) return ['mobilePhone']
  if (kind < 0.93) return ['microsoftAuthenticatorPush', 'softwareOneTimePasscode', 'mobilePhone']
  return roll() < 0.5 ? ['passKeyDeviceBound'] : ['windowsHelloForBusiness', 'microsoftAuthenticatorPush']
}

function giveState(options: PopulationOptions, place: Place, person: Person, roll: Dice): void {
  const perUser = roll()
  const unreported = roll()
  const broken = roll()
  const ordinary = place.kind === 'member' && !place.admin && !place.inIt
  const methods = person.methods.lines[0]?.value ?? []
  person.unreported = ordinary && unreported < 0.004
  if (!ordinary || methods.length === 0) return
  // The shares are of all people (57 and 12 of 1,200); only ready ordinary people get here.
  const left: PerUserMfaState = perUser < 0.07 ? 'enforced' : perUser < 0.085 ? 'enabled' : 'disabled'
  person.perUserMfa = left
  person.perUserMfaLine = settled(left)
  if (options.scenario === 'bad-numbers' && left === 'disabled' && broken < 0.11) {
    person.methods = settled(['mobilePhone'])
    person.phoneBroken = true
  }
}

/** Whoever registered a phone did so with a number; one that cannot be called lacks its last digits. */
function registerPhone(person: Person): void {
  const methods = person.methods.lines[0]?.value ?? []
  if (!methods.includes('mobilePhone')) return
  person.phones = settled({ mobile: person.phoneBroken ? person.ownMobile.slice(0, -5) : person.ownMobile })
  person.phoneIsDefault = methods[0] === 'mobilePhone'
}
