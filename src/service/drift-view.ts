import { findingName, sayDrift, upnOf } from '../engine/drift-words.ts'
import { fault } from '../errors.ts'
import type { Drift } from '../store/drift.ts'
import { type FindingView, time } from './views.ts'

type BareBy = ReadonlyMap<string, readonly { personId: string; upn: string }[]>

/** One view a property and settlement; the people of one kind are in one. */
export function findingViews(drift: readonly Drift[], bare: BareBy = new Map()): FindingView[] {
  const groups = Map.groupBy(
    drift,
    (one) => `${findingName(one)} ${one.settledAt ?? ''} ${one.settledHow ?? ''}`,
  )
  return [...groups.values()].map((all) => {
    const first = all[0] as Drift
    const isOfPeople = first.personId !== null
    return {
      finding: findingName(first),
      says: sayDrift(all).join('; '),
      before: isOfPeople ? null : first.before,
      after: isOfPeople ? null : first.after,
      people: all.flatMap((one) =>
        one.personId === null ? [] : [{ personId: one.personId, upn: upnOf(one), says: one.says }],
      ),
      bare: first.settledAt === null ? [...(bare.get(findingName(first)) ?? [])] : [],
      barred: all.find((one) => one.barred !== null)?.barred ?? null,
      foundAt: time(first.foundAt),
      settled: settledView(first),
    }
  })
}

function settledView({ settledAt, settledHow, settledBy, settledReason }: Drift): FindingView['settled'] {
  if (settledAt === null || settledHow === null) return null
  return { how: settledHow, by: settledBy ?? '', reason: settledReason ?? '', at: time(settledAt) }
}

/** Those of the open findings that a call names. @throws findingUnknown */
export function namedFindings(open: readonly Drift[], names: readonly string[]): Drift[] {
  const known = new Set(open.map(findingName))
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length > 0 || names.length === 0) {
    const findings = unknown.join(', ') || '(none given)'
    throw fault('findingUnknown', { findings, open: [...known].join(', ') || 'nothing' })
  }
  return open.filter((one) => names.includes(findingName(one)))
}
