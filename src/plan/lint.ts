import { IANAZone } from 'luxon'
import type { DeclaredTimes } from '../gates/declared-times.ts'
import { lintAdministrators } from './lint-administrators.ts'
import { lintCatchUp } from './lint-catch-up.ts'
import { lintEnforce } from './lint-enforce.ts'
import { lintGates } from './lint-gates.ts'
import { lintLocations } from './lint-locations.ts'
import { lintMembers } from './lint-members.ts'
import { lintNotices } from './lint-notices.ts'
import { lintPrepare } from './lint-prepare.ts'
import { lintPrepareCampaign } from './lint-prepare-campaign.ts'
import { lintPreparePhones } from './lint-prepare-phones.ts'
import { lintTimes } from './lint-times.ts'
import { errorAt, type Finding, warningAt } from './problem.ts'
import type { Plan } from './schema.ts'
import { takesRest } from './schema-members.ts'

const FEWEST_EMERGENCY_ACCOUNTS = 2
const MOST_TEST_USERS = 5

/** What well-formed keys can still get wrong together. */
export function lintPlan(plan: Plan, declared: DeclaredTimes): Finding[] {
  return [
    ...lintZone(plan),
    ...lintEnforce(plan),
    ...lintEmergencyAccounts(plan),
    ...lintTestUsers(plan),
    ...lintWaveOrder(plan),
    ...lintCatchUp(plan),
    ...lintMembers(plan),
    ...lintRisk(plan),
    ...lintAdministrators(plan),
    ...lintLocations(plan),
    ...lintGates(plan),
    ...lintNotices(plan),
    ...lintTimes(plan, declared),
    ...lintPrepare(plan),
    ...lintPreparePhones(plan),
    ...lintPrepareCampaign(plan),
  ]
}

function lintRisk(plan: Plan): Finding[] {
  if (plan.enforce.when !== 'risk') return []
  const message =
    'The policy asks only at risky sign-ins: few people will be proven in a soak, and its quiet is no proof.'
  const hint = 'Expect the gates to say little; when: always proves MFA for everybody.'
  return [warningAt(['enforce', 'when'], 'riskSeldomAsks', message, hint)]
}

function lintZone(plan: Plan): Finding[] {
  const named = /^[A-Za-z]/.test(plan.timezone)
  if (named && IANAZone.isValidZone(plan.timezone)) return []
  const hint = 'Use a name of the IANA time zone database, such as Europe/Copenhagen.'
  return [errorAt(['timezone'], 'unknownZone', `There is no time zone ${plan.timezone}.`, hint)]
}

function lintEmergencyAccounts(plan: Plan): Finding[] {
  const accounts = new Set(plan.protect.emergencyAccounts.map((account) => account.toLowerCase()))
  if (accounts.size >= FEWEST_EMERGENCY_ACCOUNTS) return []
  const message = `${accounts.size} emergency account${accounts.size === 1 ? ' is' : 's are'} named; two are needed.`
  const hint = 'Name at least two different break-glass accounts: they get you in when MFA itself fails.'
  return [errorAt(['protect', 'emergencyAccounts'], 'tooFewEmergencyAccounts', message, hint)]
}

function lintTestUsers(plan: Plan): Finding[] {
  const members = plan.waves[0]?.members
  const hint =
    'Begin with a wave of one to five named test users: members: { users: [test.user@contoso.com] }.'
  if (members === undefined || typeof members === 'string' || members.users === undefined) {
    return [errorAt(['waves', 0, 'members'], 'noTestUser', 'The first wave names no test users.', hint)]
  }
  const count = members.users.length
  if (count <= MOST_TEST_USERS) return []
  const message = `The first wave names ${count} people; test users are one to five.`
  return [errorAt(['waves', 0, 'members', 'users'], 'noTestUser', message, hint)]
}

function lintWaveOrder(plan: Plan): Finding[] {
  const findings: Finding[] = []
  const seen = new Set<string>()
  for (const [index, wave] of plan.waves.entries()) {
    if (seen.has(wave.name)) {
      const message = `Two waves are called ${wave.name}.`
      findings.push(
        errorAt(['waves', index, 'name'], 'duplicateWaveName', message, 'Give each wave a name of its own.'),
      )
    }
    seen.add(wave.name)
    const after = plan.waves.slice(index + 1)
    if (takesRest(wave.members) && after.some((later) => later.members !== 'administrators')) {
      const message = `The wave ${wave.name} takes all who are left, and another wave follows.`
      const hint = 'Put the wave with rest last, and only one of them.'
      findings.push(errorAt(['waves', index, 'members'], 'restNotLast', message, hint))
    }
  }
  return findings
}
