import type { CompiledWouldBlock } from '../plan/compiled-plan.ts'
import { sayShare, WHOLE_BP } from '../plan/units.ts'
import {
  type Asked,
  type Evidence,
  evidenceOf,
  failed,
  type GateResult,
  passed,
  type UnknownWhy,
  unknown,
} from './gate-result.ts'
import { sayPeople } from './say-people.ts'
import type { WouldBe } from './twin-sign-ins.ts'

/** With fewer of the wave heard from, the share says too little. */
export const HEARD_AT_LEAST_BP = 5_000

/** How the sign-ins beside the twin came in. `stale`: an older reading is there, and the last one failed. */
export type TwinLog = 'read' | 'noTwin' | 'stale' | 'failed' | 'notLicensed'

/** Whom would the policy keep out, were it on? Being prompted is what MFA is; it is counted and shown apart. */
export function wouldBlockGate(input: {
  rule: CompiledWouldBlock
  /** Of everybody who would go with the wave; undefined: not heard from. */
  people: readonly (WouldBe | undefined)[]
  log: TwinLog
  window: Evidence['window']
  asked: Asked
}): GateResult {
  const { rule, people, log } = input
  const count = (which: WouldBe) => people.filter((one) => one === which).length
  const heard = people.filter((one) => one !== undefined).length
  const blocked = count('blocked')
  const value = heard === 0 ? null : Math.ceil((blocked / heard) * WHOLE_BP)
  const evidence = evidenceOf(input.asked, {
    value,
    threshold: rule.maxBp,
    unit: 'basisPoints',
    n: heard,
    rule: `at most ${sayShare(rule.maxBp)} of those who signed in would be blocked; at least ${sayShare(HEARD_AT_LEAST_BP)} of the wave heard from`,
    window: input.window,
  })
  const says = `${blocked} of ${sayPeople(heard)} heard from would be blocked (${sayShare(value ?? 0)}), ${count('prompted')} would be prompted, ${count('passed')} pass as they are, ${count('notCovered')} are not covered where they sign in; ${people.length - heard} of ${people.length} not heard from, ${sayShare(rule.maxBp)} may be blocked`
  const problem = LOG_PROBLEMS[log]
  if (problem) return unknown('wouldBlock', problem[0], problem[1], evidence)
  if (heard === 0) {
    const silence = 'Nobody of the wave has signed in beside the report-only twin yet'
    return unknown('wouldBlock', 'noData', silence, evidence)
  }
  // What is seen counts, however few have been heard from.
  if (blocked * WHOLE_BP > rule.maxBp * people.length) return failed('wouldBlock', says, evidence)
  if (heard * WHOLE_BP < HEARD_AT_LEAST_BP * people.length)
    return unknown('wouldBlock', 'tooFew', says, evidence)
  const few = blocked * WHOLE_BP <= rule.maxBp * heard
  return few ? passed('wouldBlock', says, evidence) : failed('wouldBlock', says, evidence)
}

const LOG_PROBLEMS: Record<TwinLog, readonly [UnknownWhy, string] | null> = {
  read: null,
  noTwin: ['noData', 'The report-only twin of the policy is not there yet'],
  stale: ['stale', 'The sign-in log beside the report-only twin was read too long ago'],
  failed: ['error', 'The sign-in log could not be read'],
  notLicensed: ['notAvailable(licence)', 'The sign-in log needs Entra ID P1'],
}
