export const PROBLEM_CODES = [
  'planTooLarge',
  'yamlInvalid',
  'severalDocuments',
  'emptyPlan',
  'tooDeep',
  'aliasRefused',
  'tagRefused',
  'duplicateKey',
  'unknownKey',
  'notSupportedYet',
  'missingKey',
  'wrongType',
  'wrongValue',
  'wrongUnit',
  'percentOver100',
  'durationZero',
  'unknownZone',
  'tooFewEmergencyAccounts',
  'noTestUser',
  'testUserDeferred',
  'nameNotSlug',
  'duplicateWaveName',
  'catchUpMissing',
  'emptyWave',
  'membersUnclear',
  'restNotLast',
  'emergencyAccountInWave',
  'personInTwoWaves',
  'groupInTwoWaves',
  'enforcementGroupInWave',
  'protectedGroupInWave',
  'gateWithoutCondition',
  'reasonMissing',
  'keyWithoutEffect',
  'unknownPerson',
  'unknownGroup',
  'ambiguousGroup',
  'privilegedInWave',
  'protectedInWave',
  'disabledInWave',
  'guestInWave',
  'fileMissing',
  'fileNotNamed',
  'csvUnreadable',
  'csvColumnMissing',
  'csvColumnTwice',
  'csvColumnUnread',
  'csvEmpty',
  'csvTooLong',
  'csvLowering',
  'csvStateUnknown',
  'csvPersonMissing',
  'csvPersonTwice',
  'csvPersonAmbiguous',
  'csvEncodingGuessed',
  'csvWrongKind',
  'csvPersonByAlias',
  'csvContradiction',
  'csvTokenUnusable',
  'csvTokenTwice',
  'secretKeyMissing',
  'filterMatchesNobody',
  'departmentUnknown',
  'departmentOverflow',
  'managerTogether',
  'managerUnknown',
  'waveTooSmall',
  'soakShorterThanPropagation',
  'rollbackWindowShort',
  'notForPerUserMfa',
  'coveredByConditionalAccess',
  'factsNotAvailable',
  'phoneOnlyPeople',
  'preparesNothing',
  'administratorsUnclear',
  'unknownStrength',
  'policyRefused',
  'unknownLocation',
  'locationRefused',
  'locationWide',
  'locationUnprompted',
  'riskUnlicensed',
  'riskSeldomAsks',
  'policyLimit',
  'securityDefaultsOn',
  'campaignRefused',
  'campaignChanges',
  'templateUnnamed',
  'templateTwice',
  'templateMissing',
  'templateInvalid',
  'templateFieldUnknown',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

export type Severity = 'error' | 'warning'

/** What is wrong, not yet where in the text. `path` is the key's address: `waves[1].members.share`. */
export type Finding = {
  code: ProblemCode
  message: string
  hint: string
  path: string
  severity: Severity
}

/** What is wrong with a plan, where, and what to write instead. Lines and columns count from 1. */
export type Problem = Finding & { line: number; column: number }

export type PathStep = string | number

/** ['waves', 1, 'name'] as `waves[1].name`. */
export function pathText(steps: readonly PropertyKey[]): string {
  let text = ''
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`
    else text += text === '' ? String(step) : `.${String(step)}`
  }
  return text
}

export function errorAt(
  steps: readonly PathStep[],
  code: ProblemCode,
  message: string,
  hint: string,
): Finding {
  return { code, message, hint, path: pathText(steps), severity: 'error' }
}

export function warningAt(
  steps: readonly PathStep[],
  code: ProblemCode,
  message: string,
  hint: string,
): Finding {
  return { code, message, hint, path: pathText(steps), severity: 'warning' }
}

/** One problem in the form that editors and terminals make clickable. */
export function formatProblem(file: string, problem: Problem): string {
  const place = `${file}:${problem.line}:${problem.column}`
  return `${place}: ${problem.severity} ${problem.code}: ${problem.message}\n    ${problem.hint}`
}
