import type { World } from '../engine/world.ts'
import type { AppIdentity } from '../graph/app-identity.ts'
import type { Ask } from '../graph/directory/ask.ts'
import { policyRoom } from '../methods/policy-room.ts'
import { markIn, markText } from '../methods/policy-template.ts'
import { amiss, type DoctorFinding, looked, ok } from './doctor-finding.ts'

const MOST_SKEW = 5 * 60_000
const WORTH_A_WORD = 60_000

/** What is so in the tenant, whatever the plan. */
export async function tenantFindings(
  world: World,
  names: readonly string[],
  ask: Ask,
): Promise<DoctorFinding[]> {
  return [
    ...(await looked('securityDefaults', () => securityDefaults(world, ask))),
    clock(world),
    ...(await looked('licence', () => licence(world, ask))),
    ...(await looked('signInLog', () => signInLog(world, ask))),
    ...(await looked('methods', () => methods(world, ask))),
    ...(await looked('policies', () => policies(world, names, ask))),
  ]
}

export function identityFinding({ isApplication, applicationId, tenantId }: AppIdentity): DoctorFinding {
  if (isApplication) {
    const says = `wavegate is the application ${applicationId ?? '(not named)'} of the tenant ${tenantId ?? '(not named)'}: not a person, so that neither the policy nor per-user MFA reaches it.`
    return ok('ourIdentity', says)
  }
  const says = 'The token stands for a person: the change itself may shut wavegate out.'
  return amiss('ourIdentity', 'problem', says, 'Use the client credentials of an application.')
}

async function securityDefaults({ directory }: World, ask: Ask): Promise<DoctorFinding> {
  const { isEnabled } = await directory.readSecurityDefaults(ask)
  if (!isEnabled) return ok('securityDefaults', 'Security defaults are off.')
  const says = 'Security defaults are on: Entra enables no Conditional Access policy beside them.'
  const remedy =
    'See in the answer to `rollout create` who would be bare without them; turn them off yourself, then an approver accepts securityDefaultsOff.'
  return amiss('securityDefaults', 'problem', says, remedy)
}

function clock(world: World): DoctorFinding {
  const reading = world.graphClock()
  const remedy = 'Set the clock of this machine by NTP.'
  if (!reading) return amiss('clock', 'unknown', 'Microsoft’s clock has not been heard.', remedy)
  const seconds = Math.round(Math.abs(reading.skew) / 1000)
  const apart = `Our clock is ${seconds} s ${reading.skew > 0 ? 'behind' : 'ahead of'} Microsoft’s.`
  if (Math.abs(reading.skew) > MOST_SKEW) return amiss('clock', 'problem', apart, remedy)
  if (Math.abs(reading.skew) > WORTH_A_WORD) return amiss('clock', 'warning', apart, remedy)
  return ok('clock', seconds === 0 ? 'Our clock is Microsoft’s.' : apart)
}

async function licence({ directory }: World, ask: Ask): Promise<DoctorFinding> {
  const { p1, p2, seats, p2Seats } = await directory.readLicences(ask)
  if (p2) return ok('licence', `Entra ID P2: ${p2Seats} seats; with P1 ${seats}.`)
  if (p1) return ok('licence', `Entra ID P1: ${seats} seats; no P2, which only when: risk needs.`)
  const says =
    'The tenant has no Entra ID P1: no Conditional Access, no registration report, no sign-in log. Readiness and lock-outs are unknown.'
  const remedy =
    'Get P1 for everybody the policy covers. With by: per-user-mfa each wave holds gateUnknown, and somebody has to go over it by name.'
  return amiss('licence', 'problem', says, remedy)
}

async function signInLog({ directory, clock: time }: World, ask: Ask): Promise<DoctorFinding> {
  const to = time.now()
  for await (const _page of directory.listSignIns({ from: to - 60_000, to }, ask)) break
  return ok('signInLog', 'The sign-in log can be read.')
}

async function methods({ directory }: World, ask: Ask): Promise<DoctorFinding[]> {
  const policy = await directory.readMethodsPolicy(ask)
  const on = policy.methods.filter((one) => one.state === 'enabled')
  const names = on.map((one) => one.id).toSorted()
  const { migration } = policy
  const allowed =
    names.length > 0
      ? ok('methods', `Methods that people may use: ${names.join(', ')}.`)
      : amiss(
          'methods',
          'problem',
          'The authentication methods policy lets nobody use any method.',
          'Switch on at least Microsoft Authenticator and FIDO2 for the people of the waves.',
        )
  if (migration === 'migrationComplete' || migration === null) return [allowed]
  const says = `The authentication methods policy is not all there is: ${migration}. A method that the old MFA and SSPR policies allow is usable too.`
  const remedy = 'Finish the migration in the Entra admin centre, so that one policy says what is allowed.'
  return [allowed, amiss('methodsMigration', 'warning', says, remedy)]
}

async function policies(world: World, names: readonly string[], ask: Ask): Promise<DoctorFinding[]> {
  const all = await world.directory.listPolicies(ask)
  const { tooFull, nearlyFull } = policyRoom(all, names, world.mostPolicies)
  const counted = `${all.length} Conditional Access policies of ${world.mostPolicies} that are allowed.`
  const room = [
    ...tooFull.map(({ message, hint }) => amiss('policies', 'problem', message, hint)),
    ...nearlyFull.map(({ message, hint }) => amiss('policies', 'warning', message, hint)),
  ]
  const marks = all.flatMap((policy) => {
    const mark = markIn(policy.description)
    return mark === undefined ? [] : [{ name: policy.displayName, mark }]
  })
  const foreign = marks.filter(({ mark }) => mark !== world.installation)
  const mine = marks.length - foreign.length
  const says = `Our mark is ${markText(world.installation)}; ${mine} of the policies carry it.`
  const others = foreign.map(({ name, mark }) => {
    const theirs = `The policy ${name} is of another wavegate installation: ${mark}.`
    return amiss(
      'mark',
      'warning',
      theirs,
      'Name another policy and group in the plan, or end that installation’s rollout first.',
    )
  })
  return [...(room.length > 0 ? room : [ok('policies', counted)]), ok('mark', says), ...others]
}
