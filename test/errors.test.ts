import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { HoldKind } from '../machines/language.ts'
import { ERRORS } from '../src/errors.ts'
import type { FailureKind } from '../src/graph/errors.ts'
import type { FindingCode } from '../src/methods/policy-switch.ts'
import { PROBLEM_CODES } from '../src/plan/problem.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../docs/errors.md'), 'utf8')

/** The rows of the table under a heading, without its head. */
function rowsUnder(heading: string): string[] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return section.split('\n').filter((line) => line.startsWith('| `'))
}

/** The codes in the first column; a row that leaves a column empty is no row. */
function codesUnder(heading: string): string[] {
  return rowsUnder(heading).flatMap((row) => /^\| `([\w.]+)` \| \S.* \| \S.* \|$/.exec(row)?.[1] ?? [])
}

// As types these have no list of their own; a code that is missing here, or gone there, does not compile.
const FINDINGS = {
  groupMissing: true,
  groupAmbiguous: true,
  groupDynamic: true,
  groupSynchronised: true,
  groupRoleAssignable: true,
  groupNotSecurity: true,
  groupNested: true,
  groupHoldsGroups: true,
  groupNotEmpty: true,
  groupForeign: true,
  policyAmbiguous: true,
  policyForeign: true,
  policyDiffers: true,
  policyTurnedOff: true,
  strengthMissing: true,
  strengthAmbiguous: true,
  riskUnlicensed: true,
  locationMissing: true,
  locationAmbiguous: true,
  locationRefused: true,
  locationDiffers: true,
  securityDefaultsOn: true,
  securityDefaultsOff: true,
  policyLimit: true,
  coveredByConditionalAccess: true,
  approvalMissing: true,
  senderRefused: true,
  licenceMissing: true,
  eligibleUnknown: true,
  emergencyAccount: true,
  emergencyAccountUnproven: true,
  operatorNotReady: true,
  phoneMethodOff: true,
  phonePolicyUnclear: true,
  phoneSignsIn: true,
  campaignGroup: true,
  campaignMethodOff: true,
  campaignMethodDiffers: true,
  campaignExcluded: true,
  campaignChanges: true,
  secretKeyMissing: true,
  tokenMethodOff: true,
  tokenStaysInInventory: true,
  planNoLongerFits: true,
} satisfies Record<FindingCode, true>

const FAILURES = {
  unauthenticated: true,
  forbidden: true,
  licence: true,
  notFound: true,
  alreadyExists: true,
  notMember: true,
  badRequest: true,
  conflict: true,
  throttled: true,
  unavailable: true,
  unknownEffect: true,
  unreadable: true,
} satisfies Record<FailureKind, true>

describe('docs/errors.md', () => {
  test('has each error of the catalogue as it is said, and no other', () => {
    const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '\\<')
    const rows = Object.entries(ERRORS).map(
      ([code, [status, message, hint]]) => `| \`${code}\` | ${status} | ${cell(message)} | ${cell(hint)} |`,
    )
    expect(rowsUnder('What the API')).toEqual(rows)
  })

  test('has each thing that can be wrong with a plan, and no other', () => {
    expect(codesUnder('What can be wrong with a plan')).toEqual([...PROBLEM_CODES])
  })

  test('has each thing that can be wrong with the tenant, and no other', () => {
    expect(codesUnder('What the tenant')).toEqual(Object.keys(FINDINGS))
  })

  test('has each failure of a call, and no other', () => {
    const kinds = Object.keys(FAILURES).map((kind) => `graph.${kind}`)
    expect(codesUnder('What can go wrong with a call')).toEqual([...kinds, 'internal', 'refused'])
  })

  test('has each hold, and no other', () => {
    expect(codesUnder('What can hold')).toEqual([...HoldKind.options])
  })
})
