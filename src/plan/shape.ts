import type { z } from 'zod'
import { EXPECTATIONS } from './expectations.ts'
import { keysAt } from './json-schema.ts'
import { isKeyOfLater, isValueOfLater, laterKeysUnder } from './not-yet.ts'
import { errorAt, type Finding, type PathStep, pathText } from './problem.ts'
import { type Plan, planSchema } from './schema.ts'
import { nearest } from './suggest.ts'

/** Nobody reads more than that; a hostile text makes any number. */
const MOST_PROBLEMS = 100

type Issue = z.core.$ZodIssue

/** Checks keys and types; what the values mean together is the lint's. */
export function checkShape(value: unknown): { ok: true; plan: Plan } | { ok: false; findings: Finding[] } {
  const parsed = planSchema.safeParse(value)
  if (parsed.success) return { ok: true, plan: parsed.data }
  return {
    ok: false,
    findings: parsed.error.issues.slice(0, MOST_PROBLEMS).flatMap((issue) => findingsOf(issue, value, [])),
  }
}

function findingsOf(issue: Issue, root: unknown, base: PathStep[]): Finding[] {
  const steps = [...base, ...(issue.path as PathStep[])]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, MOST_PROBLEMS).map((key) => strangeKey(steps, key))
  if (issue.code === 'invalid_union') return unionFindings(issue, root, steps)
  const value = valueAt(root, steps)
  if (value === undefined) return [missingKey(steps)]
  return [wrongValue(steps, value, issue.message)]
}

/** Of the ways to write a value, the one that was tried is the one to talk about: a map, a list, or a word. */
function unionFindings(
  issue: Issue & { code: 'invalid_union' },
  root: unknown,
  steps: PathStep[],
): Finding[] {
  const value = valueAt(root, steps)
  if (value === undefined) return [missingKey(steps)]
  const inside = issue.errors.find((branch) => branch.every((inner) => isInside(inner)))
  if (inside === undefined || typeof value !== 'object') return [wrongValue(steps, value, issue.message)]
  return inside.flatMap((inner) => findingsOf(inner, root, steps))
}

function isInside(issue: Issue): boolean {
  return issue.code === 'unrecognized_keys' || issue.path.length > 0
}

function strangeKey(steps: PathStep[], key: string): Finding {
  const path = [...steps, key]
  if (isKeyOfLater(pathText(path))) {
    const message = `The key ${key} belongs to the plan format, but this version does not act on it yet.`
    return errorAt(path, 'notSupportedYet', message, 'Leave the key out: it would do nothing.')
  }
  const allowed = keysAt(steps)
  const near = nearest(key, [...allowed, ...laterKeysUnder(pathText(steps))])
  const hint = near === undefined ? `Known here: ${allowed.join(', ')}.` : `Did you mean ${near}?`
  return errorAt(path, 'unknownKey', `There is no key ${key.slice(0, 60)} here.`, hint)
}

function missingKey(steps: PathStep[]): Finding {
  const key = String(steps.at(-1))
  const gate = steps.indexOf('gates')
  if (gate !== -1 && steps.length > gate + 2) {
    const message = `The gate ${String(steps.at(-2))} has no condition.`
    return errorAt(
      steps,
      'gateWithoutCondition',
      message,
      `Add ${key}, or leave the gate out to get its default.`,
    )
  }
  return errorAt(steps, 'missingKey', `The key ${key} is missing.`, `Add ${key}; see rollout.example.yaml.`)
}

function wrongValue(steps: PathStep[], value: unknown, message: string): Finding {
  if (isValueOfLater(pathText(steps), value)) {
    const text = `${String(value)} belongs to the plan format, but this version does not act on it yet.`
    const expected = EXPECTATIONS[message.replace('expects:', '')]
    return errorAt(steps, 'notSupportedYet', text, expected?.hint ?? 'Leave it out.')
  }
  const expected = EXPECTATIONS[message.replace('expects:', '')]
  if (expected === undefined) {
    const hint = `Write keys and values here; known: ${keysAt(steps).join(', ') || 'see rollout.example.yaml'}.`
    return errorAt(steps, 'wrongType', `${say(value)} cannot stand here.`, hint)
  }
  return errorAt(steps, expected.code, `${say(value)} is not ${expected.what}.`, expected.hint)
}

function say(value: unknown): string {
  if (value === null) return 'Nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'An empty list' : 'A list'
  if (typeof value === 'object') return 'A set of keys'
  return String(value) === ''
    ? 'Empty text'
    : String(value)
        .slice(0, 60)
        .replace(/[\s\p{Cc}]+/gu, ' ')
}

function valueAt(root: unknown, steps: readonly PathStep[]): unknown {
  let value = root
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<PathStep, unknown>)[step]
  }
  return value
}
