import type { Policy } from '../graph/directory/policies.ts'
import { type Finding, finding } from './policy-finding.ts'

/** So few left are worth a word before they are needed. */
const NEARLY_FULL = 5

/** Whether the policies we have yet to make find room. `tooFull` refuses, `nearlyFull` is advice. */
export function policyRoom(
  all: readonly Policy[],
  names: readonly string[],
  most: number,
): { tooFull: Finding[]; nearlyFull: Finding[] } {
  const isThere = (name: string) => all.some((policy) => policy.id === name || policy.displayName === name)
  const missing = names.filter((name) => !isThere(name))
  const left = most - all.length - missing.length
  const counted = `The tenant has ${all.length} Conditional Access policies, on, off and report-only; ${most} are allowed, and we have ${missing.length} to make.`
  const hint =
    'Delete policies that are switched off, or merge some; if Microsoft allows your tenant more, set WAVEGATE_POLICY_LIMIT.'
  const found = finding('policyLimit', counted, hint)
  if (missing.length > 0 && left < 0) return { tooFull: [found], nearlyFull: [] }
  return { tooFull: [], nearlyFull: left <= NEARLY_FULL ? [found] : [] }
}
