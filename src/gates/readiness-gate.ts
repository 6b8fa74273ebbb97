import { type CohortReadiness, isSetAside, staysBehind } from '../people/readiness.ts'
import { sayVerdict } from '../people/say-verdict.ts'
import { VERDICTS } from '../people/verdict-words.ts'
import type { CompiledReadiness } from '../plan/compiled-plan.ts'
import { sayShare, WHOLE_BP } from '../plan/units.ts'
import { type Asked, evidenceOf, failed, type GateResult, passed, unknown } from './gate-result.ts'
import { sayPeople } from './say-people.ts'

/** What is missing, and what would say the same. */
const NEEDS_P1 =
  'The registration report needs Entra ID P1, without which nobody’s readiness is known; reading each person’s methods, or a signed attestation, would replace it, and this build takes neither'

/** How the registration report came in. An empty one is no data: no tenant has nobody in it. */
export type ReportState = 'read' | 'missing' | 'failed' | 'empty' | 'notLicensed'

export type ReadinessOutcome = {
  result: GateResult
  /** Who goes ahead, and who is left for later; both only mean something after a pass. */
  ready: string[]
  deferred: string[]
  /** Nobody is left to be changed: the wave holds with `empty`. */
  empty: boolean
}

/**
 * May this cohort go ahead? A person the report says nothing about is not ready. Who may be no person, or signs in by
 * an old program, waits alone and holds nobody up, but in a wave of test users, who go or hold.
 */
export function readinessGate(input: {
  rule: CompiledReadiness
  cohort: CohortReadiness
  testUsers?: boolean | undefined
  report: ReportState
  /** What the people have to meet, where that is more than any second factor. */
  strength?: string | undefined
  /** What could not be read of anybody, in words. */
  unread?: string | undefined
  asked: Asked
}): ReadinessOutcome {
  const { rule, asked, strength, testUsers = false } = input
  const aside = input.cohort.filter(isSetAside)
  const cohort = testUsers ? input.cohort : input.cohort.filter((member) => !isSetAside(member))
  const all = cohort.length
  const ready = cohort.filter((member) => member.readiness === 'ready').map((member) => member.id)
  const unready = cohort.filter((member) => member.readiness !== 'ready').map((member) => member.id)
  const unheard = cohort.filter((member) => member.readiness === 'unknown').length
  const missing = reportProblem(input)
  if (missing !== undefined) return { result: missing, ready: [], deferred: [], empty: all === 0 }
  if (all === 0 && aside.length > 0) {
    const asides = { value: 0, threshold: null, unit: 'people' as const, n: 0, rule: sayRule(rule, strength) }
    const says = `${sayAside(aside)}; nobody else is in the wave`
    const result = passed('readiness', says, evidenceOf(asked, asides))
    return { result, ready, deferred: aside.map((member) => member.id), empty: true }
  }
  if (all === 0) {
    const evidence = evidenceOf(asked, {
      value: null,
      threshold: null,
      unit: 'people',
      n: 0,
      rule: sayRule(rule, strength),
    })
    return {
      result: failed('readiness', 'Nobody is in the wave', evidence),
      ready,
      deferred: [],
      empty: true,
    }
  }
  const unknowns = unheard > 0 ? `, ${unheard} of them unknown to the registration report` : ''
  const missed = `${unready.length} of ${sayPeople(all)} ${unready.length === 1 ? 'is' : 'are'} not ready${strength ? ` for ${strength}` : ''} (${sayShare((unready.length / all) * WHOLE_BP)})${unknowns}${sayWhy(cohort)}${testUsers || aside.length === 0 ? '' : `; ${sayAside(aside)}`}`
  switch (rule.unready) {
    case 'hold': {
      const value = Math.floor((ready.length / all) * WHOLE_BP)
      const evidence = evidenceOf(asked, {
        value,
        threshold: rule.minBp,
        unit: 'basisPoints',
        n: all,
        rule: sayRule(rule, strength),
      })
      const behind = input.cohort.filter(staysBehind)
      const away = behind.filter((member) => !aside.includes(member)).length
      const enough = ready.length * WHOLE_BP >= rule.minBp * all && !(testUsers && behind.length > 0)
      const stays = away === 0 || testUsers ? '' : `; ${sayPeople(away)} of them left for later`
      const says = `${missed}${stays}, ${sayShare(rule.minBp)} must be ready`
      const result = enough ? passed('readiness', says, evidence) : failed('readiness', says, evidence)
      const deferred = testUsers ? [] : behind.map((member) => member.id)
      const going = enough
        ? cohort.filter((member) => testUsers || !staysBehind(member)).map((member) => member.id)
        : ready
      return { result, ready: going, deferred, empty: enough && going.length === 0 }
    }
    case 'defer': {
      const value = Math.ceil((unready.length / all) * WHOLE_BP)
      const evidence = evidenceOf(asked, {
        value,
        threshold: rule.deferAtMostBp,
        unit: 'basisPoints',
        n: all,
        rule: sayRule(rule, strength),
      })
      const few = unready.length * WHOLE_BP <= rule.deferAtMostBp * all
      const says = `${missed}, ${sayShare(rule.deferAtMostBp)} may be deferred`
      const result = few ? passed('readiness', says, evidence) : failed('readiness', says, evidence)
      const waiting = aside.map((member) => member.id)
      return { result, ready, deferred: [...(few ? unready : []), ...waiting], empty: ready.length === 0 }
    }
    default:
      return rule satisfies never
  }
}

/** Who waits alone, and for what. */
function sayAside(aside: CohortReadiness): string {
  const open = aside.filter((member) => member.question !== undefined).length
  const asked = open > 0 ? `, ${open} of them until a question is answered` : ''
  return `${sayPeople(aside.length)} left for later and not counted${sayWhy(aside)}${asked}`
}

/** What keeps whom out, where verdicts were given. */
function sayWhy(cohort: CohortReadiness): string {
  const unready = cohort.filter((member) => member.readiness !== 'ready')
  const parts = VERDICTS.flatMap((is) => {
    const people = unready.filter((member) => member.verdict === is).length
    return people > 0 ? [`${people} ${sayVerdict(is, people)}`] : []
  })
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}

function reportProblem(input: {
  rule: CompiledReadiness
  cohort: CohortReadiness
  report: ReportState
  strength?: string | undefined
  unread?: string | undefined
  asked: Asked
}): GateResult | undefined {
  const n = input.cohort.length
  const evidence = evidenceOf(input.asked, {
    value: null,
    threshold: null,
    unit: 'basisPoints',
    n,
    rule: sayRule(input.rule, input.strength),
  })
  switch (input.report) {
    case 'read':
      return input.unread === undefined ? undefined : unknown('readiness', 'error', input.unread, evidence)
    case 'missing':
      return unknown('readiness', 'noData', 'The registration report has not been read', evidence)
    case 'empty':
      return unknown('readiness', 'noData', 'The registration report came back without anybody', evidence)
    case 'failed':
      return unknown('readiness', 'error', 'The registration report could not be read', evidence)
    case 'notLicensed':
      return unknown('readiness', 'notAvailable(licence)', NEEDS_P1, evidence)
    default:
      return input.report satisfies never
  }
}

function sayRule(rule: CompiledReadiness, strength = 'MFA'): string {
  switch (rule.unready) {
    case 'hold':
      return `at least ${sayShare(rule.minBp)} of the wave can use ${strength}`
    case 'defer':
      return `at most ${sayShare(rule.deferAtMostBp)} of the wave is left for later`
    default:
      return rule satisfies never
  }
}
