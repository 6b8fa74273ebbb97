import { digestOf } from './files.ts'
import { canonicalJson } from './plan-hash.ts'
import { pathText } from './problem.ts'
import type { PlanText } from './revision.ts'

/** A key whose value is another: absent on one side, it was added or dropped. */
export type TextChange = { path: string; from?: unknown; to?: unknown }

/** What differs between two plans, key by key; waves and files are compared by name, not by place. */
export function textChanges(before: PlanText, after: PlanText): TextChange[] {
  const order = [before, after].map(({ plan }) => plan.waves.map(({ name }) => name))
  const [from = [], to = []] = order
  const both = (names: readonly string[], others: readonly string[]) =>
    names.filter((name) => others.includes(name)).join()
  return [
    ...changesIn(keyed(before), keyed(after), []),
    ...(both(from, to) === both(to, from) ? [] : [{ path: 'waves (order)', from, to }]),
  ]
}

function keyed({ plan, files }: PlanText): unknown {
  const { waves, ...rest } = plan
  const named = waves.map(({ name, ...wave }) => {
    const file = typeof wave.members === 'string' ? undefined : wave.members.csv
    return [`waves.${name}`, file === undefined ? wave : { ...wave, file: digestOf(files, file) }]
  })
  return { ...rest, ...Object.fromEntries(named) }
}

function changesIn(from: unknown, to: unknown, path: string[]): TextChange[] {
  if (isMap(from) && isMap(to)) {
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
      changesIn(from[key], to[key], [...path, key]),
    )
  }
  if (canonicalJson(from ?? null) === canonicalJson(to ?? null)) return []
  return [
    {
      path: pathText(path),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    },
  ]
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
