import type { Ask } from '../graph/directory/ask.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { GraphFailure } from '../graph/errors.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import { policyRoom } from '../methods/policy-room.ts'
import { type Finding, finding, inspectGroup, pickPolicy } from '../methods/policy-switch.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { RolloutFinding } from '../store/rollouts.ts'
import { campaignFindings } from './campaign-findings.ts'
import { readCovers } from './covered-elsewhere.ts'
import { doorsOf, policyNames, twinName } from './doors.ts'
import { eligibleNotes } from './eligible.ts'
import { emergencyFindings, readUnproven, type Unproven, withUnproven } from './emergency.ts'
import { phoneFindings } from './phone-findings.ts'
import { type ReadDemand, readDemand, wantedPolicy } from './policy-wanted.ts'
import { type Protection, readProtection } from './protection.ts'
import { riskLicence } from './risk-licence.ts'
import { readSecurityDefaults, type SecurityDefaults, securityDefaultsFindings } from './security-defaults.ts'
import { tokenFindings } from './token-findings.ts'
import { twinFindings } from './twin.ts'
import type { World } from './world.ts'

export interface Preflight {
  findings: Finding[]
  groupId: string | null
  adminGroupId: string | null
  defaults: SecurityDefaults
  /** What nothing proves of the emergency accounts. */
  unproven: Unproven
  /** What does not stand against a start, and has to be known before one. */
  notes: Finding[]
  /** Who is in the group, and was adopted by name. */
  adopted: string[]
}

/** Everything that can be known before anybody is touched; reads only. */
export async function preflight(
  world: World,
  plan: CompiledPlan,
  known: readonly RolloutFinding[],
  approved: ReadonlySet<string>,
  accepted: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Preflight> {
  const ask: Ask = { lane: 'scan', signal }
  const defaults = await readSecurityDefaults(world, plan, ask)
  const protection = await readProtection(world, plan, ask)
  const phones = await phoneFindings(world, plan, ask)
  const tokens = await tokenFindings(world, plan, ask)
  const unproven = await readUnproven(world, plan, ask)
  const campaign = await campaignFindings(world, plan, ask, protection)
  const prepared = [...phones.findings, ...tokens.findings, ...campaign.findings]
  const atRest = {
    defaults,
    unproven,
    notes: [
      ...(await licenceNotes(world, ask)),
      ...(await eligibleNotes(world, ask)),
      ...phones.notes,
      ...tokens.notes,
      ...campaign.notes,
    ],
    groupId: null,
    adminGroupId: null,
    adopted: [] as string[],
  }
  const open = [
    ...securityDefaultsFindings(defaults, known),
    ...emergencyFindings(withUnproven(known, unproven, world.clock.now())),
  ]
  if (plan.enforce.by === 'per-user-mfa')
    return {
      ...atRest,
      findings: [...protection.findings, ...prepared, ...open, ...(await perUserFindings(world, ask))],
    }
  const demand = await readDemand(world, plan, ask)
  const findings = [...protection.findings, ...prepared, ...demand.findings]
  const policies = await world.directory.listPolicies(ask)
  const adopted: string[] = []
  const groupIds: (string | null)[] = []
  for (const door of doorsOf(plan)) {
    const inspected = await inspectGroup(world.directory, door.group, world.installation, ask)
    findings.push(...inspected.findings)
    groupIds.push(inspected.group?.id ?? null)
    if (!inspected.group) continue
    const { id } = inspected.group
    const template = wantedPolicy(world, door.policy, id, demand.demand, protection)
    const wanted = door.for === 'people' ? { ...template, accepted } : template
    // A demand that could not be read whole is no measure for the policy.
    const picked = pickPolicy(policies, wanted)
    const isOn = picked.policy?.state === 'enabled'
    const standing = await world.store.read.adopted(id)
    const isAdopted = (one: string) => standing.has(one) || (door.for === 'people' && approved.has(one))
    if (door.for === 'people') adopted.push(...inspected.members.filter(isAdopted))
    const others = inspected.members.filter((one) => !isAdopted(one))
    findings.push(...guardedFindings(inspected.members, protection.people))
    findings.push(...(await memberFindings(world, id, others, isOn, ask)))
    if (demand.findings.length === 0) findings.push(...picked.findings)
  }
  findings.push(...open)
  findings.push(...policyRoom(policies, policyNames(plan), world.mostPolicies).tooFull)
  findings.push(...twinProblems(world, plan, policies, demand, protection))
  findings.push(...(await riskLicence(world, plan, 0, ask)).missing)
  const [groupId = null, adminGroupId = null] = groupIds
  return { ...atRest, findings, groupId, adminGroupId, adopted }
}

function twinProblems(
  world: World,
  plan: CompiledPlan,
  policies: readonly Policy[],
  { demand, findings: unread }: ReadDemand,
  protection: Protection,
): Finding[] {
  const name = twinName(plan)
  if (name === null || unread.length > 0) return []
  const wanted = wantedPolicy(world, name, null, demand, protection)
  const { policy, findings } = pickPolicy(policies, wanted)
  return policy ? [...twinFindings(policy, wanted), ...findings] : findings
}

/** Beside a policy for everybody, per-user states are not to be used at all. */
async function perUserFindings(world: World, ask: Ask): Promise<Finding[]> {
  const everyone = (await readCovers(world, ask)).find((cover) => cover.isEveryone)
  if (!everyone) return []
  const message = `The policy ${everyone.policy} demands MFA of everybody already.`
  const hint = 'Microsoft warns of per-user MFA beside it: write by: conditional-access, or leave it at that.'
  return [finding('coveredByConditionalAccess', message, hint)]
}

function guardedFindings(members: readonly string[], people: ReadonlySet<string>): Finding[] {
  const guarded = members.filter((id) => people.has(id))
  if (guarded.length === 0) return []
  const hint = 'Take them out by hand before anything else: the policy would reach for them.'
  return [finding('emergencyAccount', `${guarded.length} protected accounts are in the group.`, hint)]
}

/** `members` without those who are adopted. */
async function memberFindings(
  world: World,
  groupId: string,
  members: readonly string[],
  isOn: boolean,
  ask: Ask,
): Promise<Finding[]> {
  const found: Finding[] = []
  const images = await world.store.read.openImages(GROUP_MEMBERSHIP.effect, groupId, members)
  // Before the start no wave has begun: where our hand will switch the policy on, nobody may be in the group.
  const foreign = members.filter((id) => !isOn || images.get(id)?.image.member !== false)
  if (foreign.length > 0) {
    const hint =
      'Take them out by hand, or have them adopted by name (a dry run of `adopt` lists who can be; an approver confirms): whoever is in the group when the policy goes on is under MFA without a wave.'
    const names = await namesOf(world, foreign, ask)
    const message = `The group holds ${foreign.length} people whom no wave put there: ${names}.`
    found.push(finding('groupNotEmpty', message, hint))
  }
  return found
}

/** As many names as a finding lists; a call gives fifteen. */
const NAMES = 30

async function namesOf(world: World, ids: readonly string[], ask: Ask): Promise<string> {
  const some = await world.directory.readUserStates(ids.slice(0, NAMES), ask)
  const names = some.map((user) => user.userPrincipalName).toSorted()
  const more = ids.length > names.length ? `, and ${ids.length - names.length} more` : ''
  return `${names.join(', ')}${more}`
}

/** The report and the log are read for real: a licence that is listed and a right that is granted are two things. */
async function licenceNotes(world: World, ask: Ask): Promise<Finding[]> {
  const hint =
    'Readiness and lock-outs are judged by them; without, these gates are unknown, and every wave holds before anybody is touched.'
  try {
    await world.directory.listRegistrations(ask)
    const to = world.clock.now()
    for await (const _page of world.directory.listSignIns({ from: to - 60_000, to }, ask)) break
    return []
  } catch (error) {
    if (!(error instanceof GraphFailure) || error.kind !== 'licence') throw error
    return [
      finding(
        'licenceMissing',
        `The registration report and the sign-in log are not to be had: ${error.message}`,
        hint,
      ),
    ]
  }
}
