import type { Finding } from '../store/drift.ts'

/** As many names as a sentence bears. */
const SHOWN = 5

/** How a finding is named in a call: the object and its property, such as `policy.state`. */
export function findingName({ object, property }: Pick<Finding, 'object' | 'property'>): string {
  return `${object}.${property}`
}

/** One sentence a property; people of one kind share theirs. */
export function sayDrift(findings: readonly Finding[]): string[] {
  const byName = Map.groupBy(findings, findingName)
  return [...byName].map(([name, all]) => {
    const [only] = all
    const isOfPeople = all.some((one) => one.personId !== null)
    return isOfPeople ? sayPeople(name, all) : `${only?.object} ${only?.says}`
  })
}

function sayPeople(name: string, findings: readonly Finding[]): string {
  const count = findings.length === 1 ? '1 person was' : `${findings.length} people were`
  const what = name === 'group.members.added' ? 'added to the group' : 'taken out of the group'
  const names = findings.map(upnOf)
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''
  return `${count} ${what} by another hand: ${names.slice(0, SHOWN).join(', ')}${more}`
}

export function upnOf({ before, after, personId }: Finding): string {
  const said = { ...(before as object), ...(after as object) } as { upn?: string }
  return said.upn ?? personId ?? ''
}
