import { policyNames } from '../engine/doors.ts'
import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { type GivenPlan, readGiven } from './check-plan.ts'
import { amiss, type DoctorFinding, type DoctorReport, looked, ok, worstOf } from './doctor-finding.ts'
import { type Machine, machineFindings } from './doctor-machine.ts'
import { planFindings } from './doctor-plan.ts'
import { steeringFindings } from './doctor-steering.ts'
import { identityFinding, tenantFindings } from './doctor-tenant.ts'
import { permissionsOf } from './plan-permissions.ts'
import { time } from './views.ts'

/** Everything that can be known to be wrong before a plan is started; reads only. @throws planInvalid */
export async function doctor(
  world: World,
  machine: Machine,
  given: GivenPlan | undefined,
  signal: AbortSignal,
): Promise<DoctorReport> {
  const plan = given && readGiven(world, given).compiled
  const findings = [
    ...(await machineFindings(world, machine, plan)),
    ...(await farFindings(world, machine, plan, { lane: 'scan', signal })),
  ]
  const at = time(world.clock.now())
  return { at, is: worstOf(findings), installation: world.installation, findings }
}

async function farFindings(
  world: World,
  machine: Machine,
  plan: CompiledPlan | undefined,
  ask: Ask & { signal: AbortSignal },
): Promise<DoctorFinding[]> {
  const known = await looked('authority', async () => {
    const identity = await world.identity()
    const reached = ok('authority', `${machine.authority} takes our credential.`)
    return [reached, identityFinding(identity), ...(plan ? permissionFindings(plan, identity) : [])]
  })
  if (!known.some((one) => one.check === 'authority' && one.is === 'ok')) return known
  // Nothing else is asked of a Graph that does not answer: each question would be tried several times.
  const reached = await looked('graph', () => reach(world, machine, ask))
  if (reached.some((one) => one.is !== 'ok')) return [...known, ...reached]
  return [
    ...known,
    ...reached,
    ...(await tenantFindings(world, plan ? policyNames(plan) : [], ask)),
    ...(await steeringFindings(world, ask)),
    ...(plan ? await planFindings(world, plan, ask) : []),
  ]
}

/** Any answer will do, a refusal too: what may be read is looked at one by one. */
async function reach(world: World, machine: Machine, ask: Ask): Promise<DoctorFinding> {
  try {
    await world.directory.readSecurityDefaults(ask)
  } catch (error) {
    if (!(error instanceof GraphFailure) || error.kind === 'unavailable') throw error
  }
  return ok('graph', `${machine.graphUrl} answers.`)
}

function permissionFindings(
  plan: CompiledPlan,
  { applicationId: application, permissions }: Awaited<ReturnType<World['identity']>>,
): DoctorFinding[] {
  const needed = permissionsOf(plan, { application, permissions })
  const missing = needed.permissions.filter((one) => one.granted === false)
  const notNeeded =
    needed.notNeeded.length === 0 ? '' : ` Not needed by this plan: ${needed.notNeeded.join(', ')}.`
  if (missing.length === 0)
    return [
      ok('permissions', `The ${needed.permissions.length} application permissions are granted.${notNeeded}`),
    ]
  return missing.map(({ permission, features }) =>
    amiss(
      'permissions',
      'problem',
      `${permission} is not granted; it is for ${features.join(', ')}.`,
      'Grant it to the application and consent to it; a token already given out is good for an hour.',
    ),
  )
}
