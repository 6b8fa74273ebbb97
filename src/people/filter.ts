import type { CompiledFilter, CompiledPlan } from '../plan/compiled-plan.ts'
import { type Finding, warningAt } from '../plan/problem.ts'
import { nearest } from '../plan/suggest.ts'
import { attributeOf, valueKey } from './attributes.ts'
import type { Person } from './person.ts'

type Condition = CompiledFilter[number]

/** The first condition that a person does not meet; undefined: the filter takes them. */
export function unmet(filter: CompiledFilter, person: Person): Condition | undefined {
  return filter.find(({ attribute, values }) => {
    const own = attributeOf(person, attribute)
    return own === undefined || !values.some((value) => valueKey(value) === valueKey(own))
  })
}

/** The people a filter takes. */
export function filtered(filter: CompiledFilter, people: Iterable<Person>): Person[] {
  const wanted = filter.map(({ attribute, values }) => ({ attribute, keys: new Set(values.map(valueKey)) }))
  return [...people].filter((person) =>
    wanted.every(({ attribute, keys }) => keys.has(valueKey(attributeOf(person, attribute) ?? ''))),
  )
}

/** A value that nobody in the tenant has is a slip of the pen more often than not. */
export function filterFindings(plan: CompiledPlan, population: readonly Person[]): Finding[] {
  return plan.waves.flatMap((wave) => {
    if (wave.members.kind !== 'filter') return []
    return wave.members.filter.flatMap((condition) => {
      const path = ['waves', wave.index, 'members', 'filter', condition.attribute]
      return strangeValues(condition, population, path)
    })
  })
}

function strangeValues(
  { attribute, values, listed }: Condition,
  population: readonly Person[],
  path: (string | number)[],
): Finding[] {
  const known = new Map<string, string>()
  for (const person of population) {
    const own = attributeOf(person, attribute)
    if (own !== undefined) known.set(valueKey(own), own)
  }
  return values.flatMap((value, index) => {
    if (known.has(valueKey(value))) return []
    const near = nearest(value, [...known.values()].sort())
    const hint = near === undefined ? 'Check how the directory writes it.' : `Did you mean ${near}?`
    const message = `Nobody in the tenant has the ${attribute} ${value}.`
    return [warningAt(listed ? [...path, index] : path, 'filterMatchesNobody', message, hint)]
  })
}
