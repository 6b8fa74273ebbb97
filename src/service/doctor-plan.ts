import { doorsOf } from '../engine/doors.ts'
import { EMERGENCY_UNPROVEN } from '../engine/emergency.ts'
import { preflight } from '../engine/preflight.ts'
import { type EmergencyAccount, readEmergency } from '../engine/read-emergency.ts'
import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { FindingCode } from '../methods/policy-finding.ts'
import { markText } from '../methods/policy-template.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { amiss, type DoctorFinding, looked, ok } from './doctor-finding.ts'

/** Said of the tenant already. */
const SAID: readonly FindingCode[] = ['securityDefaultsOn', 'policyLimit', 'emergencyAccountUnproven']

/** What a start of this plan would find. */
export async function planFindings(
  world: World,
  plan: CompiledPlan,
  ask: Ask & { signal: AbortSignal },
): Promise<DoctorFinding[]> {
  return [
    ...(await looked('emergencyAccounts', async () =>
      (await readEmergency(world, plan, ask)).map((one) => emergencyFinding(one)),
    )),
    ...(await looked('plan', () => preflightFindings(world, plan, ask.signal))),
  ]
}

function emergencyFinding({ name, upn, isEnabled, verdicts }: EmergencyAccount): DoctorFinding {
  const check = `emergencyAccount ${name}`
  if (upn === undefined)
    return amiss(check, 'problem', 'There is no such account.', 'Correct protect.emergencyAccounts.')
  if (!isEnabled) return amiss(check, 'problem', 'It is disabled.', 'Enable it: it is the way back in.')
  const open = verdicts.filter((one) => one.is !== 'proven')
  const say = (some: typeof verdicts) => `It ${some.map((one) => one.says).join('; ')}.`
  if (open.length === 0) return ok(check, say(verdicts))
  const is = open.some((one) => one.is === 'missing') ? 'problem' : 'unknown'
  const remedy = `Put it right, and sign in with it. What cannot be shown, an approver accepts by name and with a reason before the start (accept ${EMERGENCY_UNPROVEN}).`
  return amiss(check, is, say(open), remedy)
}

async function preflightFindings(
  world: World,
  plan: CompiledPlan,
  signal: AbortSignal,
): Promise<DoctorFinding[]> {
  const { findings, notes } = await preflight(world, plan, [], new Set(), {}, signal)
  const found = findings
    .filter((one) => !SAID.includes(one.code))
    .map(({ code, message, hint }) => amiss(code, 'problem', message, hint))
  const doors = doorsOf(plan).map((door) => door.group)
  const isAboutGroup = findings.some(({ code }) => code.startsWith('group'))
  const groups = isAboutGroup ? [] : doors.map((group) => fitGroup(world, group))
  return [
    ...groups,
    ...found,
    ...notes.map(({ code, message, hint }) => amiss(code, 'warning', message, hint)),
  ]
}

function fitGroup({ installation }: World, group: string): DoctorFinding {
  const says = `The group ${group} is fit: assigned, of the cloud, without roles, in no other group, and empty or as a wave left it. You may write ${markText(installation)} into its description: every other installation then keeps its hands off.`
  return ok('group', says)
}
