import { doorsOf, idsOf, twinName } from '../engine/doors.ts'
import { acceptedProperties } from '../engine/drift-record.ts'
import { type Unproven, withUnproven } from '../engine/emergency.ts'
import { planOf } from '../engine/job.ts'
import { preflight } from '../engine/preflight.ts'
import { type SecurityDefaults, withSecurityDefaults } from '../engine/security-defaults.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { sayPeople } from '../gates/say-people.ts'
import type { Finding } from '../methods/policy-switch.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { AdoptionRequest } from '../store/adoption.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { graphFault } from './graph-fault.ts'
import { sayRevocation } from './sessions-view.ts'
import type { Verb } from './verbs.ts'

const LIVE: readonly string[] = ['running', 'rollingBack', 'rollbackFailed', 'graduating', 'graduated']

/** Ids of the groups people will join; `adminGroupId` null: administrators have none of their own. */
export type Targets = Pick<StoredRollout, 'groupId' | 'adminGroupId'>

export interface Startable extends Targets {
  /** What whoever starts has to know. */
  notes: string[]
  /** Who is in the group already, and stays in it adopted by name. */
  adopted: string[]
}

/** @throws preflightFailed, targetInUse, clockSkewed */
export async function checkStart(
  world: World,
  rollout: StoredRollout,
  signal: AbortSignal,
): Promise<Startable> {
  const { findings, groupId, adminGroupId, notes, adopted, accepted } = await checked(world, rollout, signal)
  refuseSkewedClock(world)
  refuseTargetInUse(rollout, { groupId, adminGroupId }, await world.store.read.rollouts())
  const [first] = findings
  const needsGroup = planOf(rollout).enforce.by === 'conditional-access'
  if (first || (needsGroup && groupId === null)) {
    throw fault('preflightFailed', {
      first: first ? `${first.message} ${first.hint}` : 'the group was not found',
      findings,
    })
  }
  const says = notes.map(({ message, hint }) => `${message} ${hint}`)
  says.push(...sayRevocation(planOf(rollout)))
  if (adopted.length > 0) says.push(`${adopted.length} people in the group are adopted, and in no wave.`)
  if (accepted.length > 0)
    says.push(`Of the policy ${accepted.join(', ')} stays as an approver accepted it in an earlier run.`)
  return { groupId, adminGroupId, notes: says, adopted }
}

/** The most that our clock may differ from Graph's, milliseconds. */
const mostSkew = 5 * 60_000

/** Graph has just been asked: its clock is known. @throws clockSkewed */
function refuseSkewedClock(world: World): void {
  const { skew } = world.graphClock() ?? { skew: 0 }
  if (Math.abs(skew) <= mostSkew) return
  const apart = `${Math.round(Math.abs(skew) / 60_000)} minutes`
  throw fault('clockSkewed', { apart, direction: skew > 0 ? 'behind' : 'ahead of' })
}

/** @throws targetInUse */
export function refuseTargetInUse(
  rollout: StoredRollout,
  targets: Targets,
  all: readonly StoredRollout[],
): void {
  const others = all.filter((one) => one.id !== rollout.id && LIVE.includes(one.state))
  for (const other of others) {
    const target = sharedTarget({ ...rollout, ...targets }, other)
    if (target) throw fault('targetInUse', { other: other.id, name: other.name, target })
  }
}

/**
 * Nothing of a run that has ended is taken back under another that is live: the policy and the before-images would go
 * from under it. One whose rollback failed may be waiting for just that. Nor does such a run switch the policy on: the
 * live one may hold it off. @throws targetInUse
 */
export function refuseUnderAnother(verb: Verb, rollout: StoredRollout, all: readonly StoredRollout[]): void {
  if (LIVE.includes(rollout.state)) return
  if (verb === 'rearm' || verb === 'revert') refuseTargetInUse(rollout, rollout, all)
  if (verb !== 'rollback') return
  const others = all.filter(({ state }) => state !== 'rollbackFailed')
  refuseTargetInUse(rollout, rollout, others)
}

async function checked(world: World, rollout: StoredRollout, signal: AbortSignal) {
  try {
    const request = await world.store.read.adoptionRequest(rollout.id, 'adopt')
    const approved = new Set(request?.approvedBy ? request.people : [])
    const accepted = (await acceptedProperties(world.store.read, rollout.id)) ?? {}
    const plan = planOf(rollout)
    const known = await preflight(world, plan, rollout.findings, approved, accepted, signal)
    await noteFindings(world, rollout.id, known)
    const findings = known.findings.map((one) => sayAsked(one, request))
    return { ...known, findings, accepted: Object.keys(accepted) }
  } catch (error) {
    throw graphFault(error)
  }
}

/** Who is in the group may have been asked for: then it is an approver who is waited for. */
function sayAsked(one: Finding, request: AdoptionRequest | undefined): Finding {
  if (one.code !== 'groupNotEmpty' || !request || request.approvedBy) return one
  const { people, askedBy } = request
  const waits = `The adoption of ${sayPeople(people.length)} that ${askedBy} asked for waits for an approver`
  return { ...one, hint: `${waits}, who confirms the same list with \`adopt\`. ${one.hint}` }
}

/** What was seen is kept, whatever becomes of this start: it has to be accepted by name, or to be gone. */
async function noteFindings(
  world: World,
  id: string,
  { defaults, unproven }: { defaults: SecurityDefaults; unproven: Unproven },
): Promise<void> {
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    const known = (await writer.rollout(id))?.findings ?? []
    const findings = withUnproven(withSecurityDefaults(known, defaults, at), unproven, at)
    if (JSON.stringify(findings) !== JSON.stringify(known)) await writer.setFindings(id, findings)
  })
}

/** Any group or policy of one is any of the other's: the people's, the administrators', or the twin. */
function sharedTarget(mine: StoredRollout, other: StoredRollout): string | undefined {
  const theirs = new Set(targetsOf(other).flatMap(({ ids }) => ids))
  return targetsOf(mine).find(({ ids }) => ids.some((id) => theirs.has(id)))?.says
}

interface Target {
  says: string
  ids: string[]
}

function targetsOf(rollout: StoredRollout): Target[] {
  const plan = planOf(rollout)
  const campaign = campaignTarget(rollout, plan)
  if (plan.enforce.by === 'per-user-mfa')
    return [{ says: 'per-user MFA of this tenant', ids: ['per-user MFA'] }, ...campaign]
  const policy = (name: string, id: string | null) => ({
    says: `policy ${name}`,
    ids: [`policy ${name.toLowerCase()}`, ...(id === null ? [] : [`policy ${id}`])],
  })
  const doors = doorsOf(plan).flatMap((door) => {
    const { groupId, policyId } = idsOf(rollout, door.for)
    const group = { says: `group ${door.group}`, ids: groupId === null ? [] : [`group ${groupId}`] }
    return [group, policy(door.policy, policyId)]
  })
  const twin = twinName(plan)
  return [...doors, ...(twin === null ? [] : [policy(twin, rollout.twinId)]), ...campaign]
}

/** One for the whole tenant, and back as it was with the end of the rollout. */
function campaignTarget({ state }: StoredRollout, { prepare }: CompiledPlan): Target[] {
  const isWanted = prepare?.campaign && ['draft', 'running', 'rollingBack'].includes(state)
  return isWanted
    ? [{ says: 'the registration campaign of this tenant', ids: ['registration campaign'] }]
    : []
}
