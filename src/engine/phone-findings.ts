import type { Ask } from '../graph/directory/ask.ts'
import { type Finding, finding } from '../methods/policy-finding.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { isForNobody, phoneAllowance } from '../prepare/phone-policy.ts'
import type { World } from './world.ts'

/** Whether the tenant lets anybody be asked by the phones a plan registers. Reads nothing where it registers none. */
export async function phoneFindings(
  world: World,
  plan: CompiledPlan,
  ask: Ask,
): Promise<{ findings: Finding[]; notes: Finding[] }> {
  const type = plan.prepare?.phones?.type
  if (type === undefined) return { findings: [], notes: [] }
  const allowance = phoneAllowance(await world.directory.readMethodsPolicy(ask), type)
  const notes: Finding[] = []
  if (isForNobody(allowance)) {
    const ways = type === 'mobile' ? 'neither text messages nor calls' : 'no calls to office phones'
    const message = `The tenant’s policy of authentication methods lets people use ${ways}: a registered number would be of no use.`
    const hint =
      'Allow SMS or voice calls for these people in the policy of authentication methods, or leave prepare.phones out.'
    return { findings: [finding('phoneMethodOff', message, hint)], notes }
  }
  if (allowance.isOlderPolicyInForce) {
    const message =
      'The tenant has not finished the migration of its method policies: whether a phone may be used can depend on the older one, which cannot be read.'
    const hint = 'Finish the migration; until then a number counts only once the registration report says so.'
    notes.push(finding('phonePolicyUnclear', message, hint))
  }
  if (allowance.isUsableForSignIn) {
    const message =
      'Text messages may also be used for signing in: each number that is added is registered for that too, and people who share one collide.'
    const hint = 'Switch “use for sign-in” off for SMS, unless people are to sign in by it.'
    notes.push(finding('phoneSignsIn', message, hint))
  }
  return { findings: [], notes }
}
