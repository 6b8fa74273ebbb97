import type { Finding, Watched } from '../store/drift.ts'
import { findingName, OF_PEOPLE } from './drift-names.ts'

export { findingName } from './drift-names.ts'

/** As many names as a sentence bears. */
const SHOWN = 5

const OBJECTS: Record<Watched, string> = {
  policy: 'policy',
  group: 'group',
  administratorsPolicy: 'administrators’ policy',
  twin: 'twin',
  exceptions: 'exceptions group',
  person: 'person',
}

/** One sentence a property; people of one kind share theirs. */
export function sayDrift(findings: readonly Finding[]): string[] {
  const byName = Map.groupBy(findings, findingName)
  return [...byName].map(([name, all]) => {
    const [only] = all
    const isOfPeople = all.some((one) => one.personId !== null)
    return isOfPeople ? sayPeople(name, all) : `${only && OBJECTS[only.object]} ${only?.says}`
  })
}

type Said = (people: string, one: boolean) => string

/** What another hand did to people, by the name of the finding. */
const SAYS: Record<string, Said> = {
  [OF_PEOPLE.added]: (people, one) => `${people} ${was(one)} added to the group`,
  [OF_PEOPLE.removed]: (people, one) => `${people} ${was(one)} taken out of the group`,
  [OF_PEOPLE.excepted]: (people, one) => `${people} ${was(one)} put among the exceptions`,
  [OF_PEOPLE.unexcepted]: (people, one) => `${people} ${was(one)} taken from the exceptions`,
  [OF_PEOPLE.lowered]: (people) => `per-user MFA of ${people} was switched off or lowered`,
  [OF_PEOPLE.raised]: (people) => `per-user MFA of ${people} was switched on again`,
}

function was(one: boolean): string {
  return one ? 'was' : 'were'
}

function sayPeople(name: string, findings: readonly Finding[]): string {
  const isOne = findings.length === 1
  const people = isOne ? '1 person' : `${findings.length} people`
  const what = SAYS[name]?.(people, isOne) ?? `${people}: ${name}`
  const names = findings.map(nameWithStates)
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''
  return `${what} by another hand: ${names.slice(0, SHOWN).join(', ')}${more}`
}

function nameWithStates(one: Finding): string {
  if (one.object !== 'person') return upnOf(one)
  return `${upnOf(one)} (${stateIn(one.before)} → ${stateIn(one.after)})`
}

/** A person’s own state, as a finding keeps it. */
export function stateIn(image: unknown): string {
  return String((image as { state?: unknown } | null)?.state ?? '')
}

export function upnOf({ before, after, personId }: Finding): string {
  const said = { ...(before as object), ...(after as object) } as { upn?: string }
  return said.upn ?? personId ?? ''
}
