import type { Person } from './person.ts'
import { type ReadinessVerdict, VERDICTS, type VerdictIs } from './verdict-words.ts'

/** One person before the switch: where the plan puts them, and what is to be said of them. */
export interface Previewed {
  person: Person
  /** The name of the wave; null: in none. */
  wave: string | null
  verdict: ReadinessVerdict
}

/** People of whom the same is said. */
export interface Part<Kind extends string = string> {
  kind: Kind
  people: readonly Previewed[]
}

/** As a change board asks: who can, who cannot yet, who does not count, who is never touched. */
const ORDER: readonly VerdictIs[] = ['ready', 'readyUntil', 'needsNumber', 'needsLook', 'legacyClient']
const IN_ORDER: readonly VerdictIs[] = [
  ...ORDER,
  ...VERDICTS.filter((one) => !ORDER.includes(one)).toReversed(),
]

/** Everybody by verdict; a verdict that nobody has is not there. */
export function byVerdict(people: readonly Previewed[]): Part<VerdictIs>[] {
  const parts = Map.groupBy(people, ({ verdict }) => verdict.is)
  return IN_ORDER.flatMap((kind) => {
    const some = parts.get(kind)
    return some ? [{ kind, people: some }] : []
  })
}

/** How many people are what, without names. */
export function verdictCounts(people: readonly Previewed[]): Partial<Record<VerdictIs, number>> {
  return Object.fromEntries(byVerdict(people).map((part) => [part.kind, part.people.length]))
}

/** The largest part first. */
export function bySize<Kind extends string>(
  people: readonly Previewed[],
  kindOf: (one: Previewed) => Kind,
): Part<Kind>[] {
  return [...Map.groupBy(people, kindOf)]
    .map(([kind, some]) => ({ kind, people: some }))
    .sort((a, b) => b.people.length - a.people.length || (a.kind < b.kind ? -1 : 1))
}

/** "71 %"; neither nobody nor everybody unless it is so. */
export function sayPart(some: number, all: number): string {
  if (all === 0 || some === 0) return '0 %'
  if (some === all) return '100 %'
  const percent = Math.round((some / all) * 100)
  if (percent === 0) return 'under 1 %'
  return percent === 100 ? 'over 99 %' : `${percent} %`
}
