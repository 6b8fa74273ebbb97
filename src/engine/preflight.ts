import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import { type Finding, finding, inspectGroup, inspectPolicy } from '../methods/policy-switch.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { readCovers } from './covered-elsewhere.ts'
import { readProtection } from './protection.ts'
import { securityDefaultsOn } from './switch-on.ts'
import type { World } from './world.ts'

export interface Preflight {
  findings: Finding[]
  groupId: string | null
  /** What does not stand against a start, and has to be known before one. */
  notes: Finding[]
  /** Who is in the group, and was adopted by name. */
  adopted: string[]
}

/** Everything that can be known before anybody is touched; reads only. */
export async function preflight(
  world: World,
  plan: CompiledPlan,
  approved: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Preflight> {
  const ask: Ask = { lane: 'scan', signal }
  const protection = await readProtection(world, plan, ask)
  if (plan.enforce.by === 'per-user-mfa') {
    const findings = [...protection.findings, ...(await perUserFindings(world, ask))]
    return { findings, groupId: null, notes: await licenceNotes(world, ask), adopted: [] }
  }
  const group = await inspectGroup(world.directory, plan.enforce.group, world.installation, ask)
  const findings = [...protection.findings, ...group.findings]
  const adopted: string[] = []
  if (group.group) {
    const wanted = {
      name: plan.enforce.policy,
      groupId: group.group.id,
      excludedPeople: protection.emergencyIds,
      excludedGroups: protection.groupIds,
      mark: world.installation,
    }
    const inspected = await inspectPolicy(world.directory, wanted, ask)
    const isOn = inspected.policy?.state === 'enabled'
    const standing = await world.store.read.adopted(group.group.id)
    adopted.push(...group.members.filter((id) => approved.has(id) || standing.has(id)))
    const others = group.members.filter((id) => !adopted.includes(id))
    findings.push(...guardedFindings(group.members, protection.people))
    findings.push(...(await memberFindings(world, group.group.id, others, isOn, ask)))
    findings.push(...inspected.findings)
  }
  if ((await world.directory.readSecurityDefaults(ask)).isEnabled) findings.push(securityDefaultsOn())
  const notes = await licenceNotes(world, ask)
  return { findings, groupId: group.group?.id ?? null, notes, adopted }
}

/** Beside security defaults or a policy for everybody, per-user states are not to be used at all. */
async function perUserFindings(world: World, ask: Ask): Promise<Finding[]> {
  const found: Finding[] = []
  if ((await world.directory.readSecurityDefaults(ask)).isEnabled) found.push(securityDefaultsOn())
  const everyone = (await readCovers(world, ask)).find((cover) => cover.isEveryone)
  if (everyone) {
    const message = `The policy ${everyone.policy} demands MFA of everybody already.`
    const hint =
      'Microsoft warns of per-user MFA beside it: write by: conditional-access, or leave it at that.'
    found.push(finding('coveredByConditionalAccess', message, hint))
  }
  return found
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
      'Take them out by hand, or have them adopted by name (`adopt`): whoever is in the group when the policy goes on is under MFA without a wave.'
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
