import type { StoredRollout } from '../store/rollouts.ts'
import type { GraduationPlan } from './graduation-plan.ts'
import type { World } from './world.ts'

/** Names the before-image of somebody whom no wave went for. */
export const COVERED = { effect: 'coveredByPolicy' } as const

/** Before the policy is widened: whoever it will catch has a before-image and is adopted by name; the others say why not. */
export async function recordCaught(
  world: World,
  rollout: StoredRollout,
  plan: GraduationPlan,
): Promise<void> {
  const { store } = world
  const target = rollout.policyId ?? ''
  const at = world.clock.now()
  const caught = plan.caught.map((person) => person.id)
  const images = await store.read.openImages(COVERED.effect, target, caught)
  const fresh = caught.filter((id) => !images.has(id))
  const request = await store.read.adoptionRequest(rollout.id, 'graduate')
  const by = request?.approvedBy ?? ''
  const reason = request?.approvedReason ?? ''
  await store.tx(async (writer) => {
    await writeRows(writer, rollout.id, plan, at)
    if (fresh.length === 0) return
    const place = { effect: COVERED.effect, target, rolloutId: rollout.id, waveId: '', at }
    const image = { covered: false }
    await writer.recordImages(
      place,
      fresh.map((personId) => ({ personId, image })),
    )
    await writer.adopt({ target, rolloutId: rollout.id, by, reason, at }, fresh)
    const data = { people: fresh, policyId: target }
    await writer.append({ at, rolloutId: rollout.id, type: 'members.adopted', actor: by, reason, data })
  })
}

type Writer = Parameters<Parameters<World['store']['tx']>[0]>[0]

/** People whom no wave went for, as members of the rollout; a member of a wave stays what they are. */
async function writeRows(writer: Writer, rolloutId: string, plan: GraduationPlan, at: number): Promise<void> {
  const people = [...plan.caught, ...plan.exceptions.map(({ person }) => person)]
  const known = await writer.membersAmong(
    rolloutId,
    people.map((person) => person.id),
  )
  const rows = new Set(known.map((one) => one.personId))
  const fresh = people.filter((person) => !rows.has(person.id))
  await writer.insertMembers(
    fresh.map(({ id: personId, upn, displayName }, position) => ({
      ...{ rolloutId, waveId: '', personId, upn, displayName },
      position: known.length + position,
    })),
  )
  const loose = new Set([
    ...fresh.map((person) => person.id),
    ...known.filter((one) => one.waveId === '' && one.deferred !== 'rolledBack').map((one) => one.personId),
  ])
  const caught = plan.caught.map((person) => person.id).filter((id) => loose.has(id))
  const again = known
    .filter((one) => one.outcome !== 'done' || one.restore !== null)
    .map((one) => one.personId)
  const new_ = caught.filter((id) => !rows.has(id) || again.includes(id))
  const none = {
    ...{ restore: null, restore_reason: null, restored_at: null },
    ...{ left_in_by: null, confirmed_by: null },
  }
  await writer.setMembers(rolloutId, new_, {
    ...none,
    ...{ outcome: 'done', outcome_reason: 'covered as one of all users', deferred: null },
    ...{ requested_at: at, in_place_at: null },
  })
  for (const [why, group] of Map.groupBy(plan.exceptions, (one) => one.why)) {
    const out = group.map(({ person }) => person.id).filter((id) => loose.has(id))
    await writer.setMembers(rolloutId, out, {
      ...none,
      deferred: why,
      outcome: 'pending',
      outcome_reason: null,
    })
  }
}
