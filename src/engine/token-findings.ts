import type { Ask } from '../graph/directory/ask.ts'
import type { TokenPolicy } from '../graph/directory/hardware-tokens.ts'
import { isFailure } from '../graph/errors.ts'
import { type Finding, finding } from '../methods/policy-finding.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { isForNobody, type PhoneAllowance } from '../prepare/phone-policy.ts'
import type { World } from './world.ts'

const EVERYBODY = 'all_users'

/** Whom the policy of methods lets sign in by a hardware token; no older policy knows of these. */
export function tokenAllowance({ isEnabled, include, exclude }: TokenPolicy): PhoneAllowance {
  const scope = {
    isEverybody: include.includes(EVERYBODY),
    groups: include.filter((id) => id !== EVERYBODY),
    exceptGroups: exclude,
  }
  return { methods: isEnabled ? [scope] : [], isOlderPolicyInForce: false, isUsableForSignIn: false }
}

/** Whether a plan’s hardware tokens can be of use. Reads nothing where the plan has none. */
export async function tokenFindings(
  world: World,
  plan: CompiledPlan,
  ask: Ask,
): Promise<{ findings: Finding[]; notes: Finding[] }> {
  const tokens = plan.prepare?.tokens
  if (!tokens) return { findings: [], notes: [] }
  const findings: Finding[] = []
  if (world.secretBox === null) {
    const message =
      'The plan hands out hardware tokens, and WAVEGATE_SECRET_KEY is not set: no secret can be opened.'
    findings.push(
      finding('secretKeyMissing', message, 'Set it to what it was when the list came in, and start again.'),
    )
  }
  if (isForNobody(tokenAllowance(await readPolicy(world, ask)))) {
    const message =
      'The tenant’s policy of authentication methods lets nobody sign in by a hardware token: one that is active would be of no use.'
    const hint =
      'Switch hardware OATH tokens on in the policy of authentication methods; it takes up to an hour until it holds everywhere.'
    findings.push(finding('tokenMethodOff', message, hint))
  }
  const message =
    'The secret of a token is wiped once it is active: taken back, it is its person’s no more and stays in the tenant’s inventory.'
  const hint = 'To have tokens active again after a rollback, send the list again.'
  return { findings, notes: [finding('tokenStaysInInventory', message, hint)] }
}

/** A tenant that does not know of the method lets nobody use it. */
async function readPolicy(world: World, ask: Ask): Promise<TokenPolicy> {
  try {
    return await world.directory.readTokenPolicy(ask)
  } catch (error) {
    if (!isFailure(error, 'notFound')) throw error
    return { isEnabled: false, include: [], exclude: [] }
  }
}
