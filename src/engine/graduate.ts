import type { Ask } from '../graph/directory/ask.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { isFailure } from '../graph/errors.ts'
import { GUESTS, guestFindings, isAbout, isWide, wideConditions } from '../methods/policy-reach.ts'
import { policyFindings } from '../methods/policy-switch.ts'
import type { Person } from '../people/person.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import { acceptedProperties } from './drift-record.ts'
import { type Exceptions, putAmongExceptions, takeFromExceptions } from './except-people.ts'
import { exceptionsGroup } from './exceptions-group.ts'
import { type GraduationPlan, readGraduation, takenBackAmong, wideWanted } from './graduation-plan.ts'
import { refuse, Superseded } from './job.ts'
import { writeToCaught } from './notice-caught.ts'
import { inPolicyTurn } from './policy-turn.ts'
import { pollUntil } from './poll.ts'
import { recordCaught } from './record-caught.ts'
import { rolloutContextOf } from './step.ts'
import { tellRollout, type WorkOrder } from './tell.ts'
import type { World } from './world.ts'

/** Readings in a row that may find somebody new before it is tried again later. */
const READINGS = 4

/**
 * The policy from its group to all users: first everybody who may not be caught goes among the exceptions, read back;
 * then whoever is newly caught has a before-image; then the policy is widened, and read back.
 */
export async function graduate(world: World, order: WorkOrder, signal: AbortSignal): Promise<void> {
  const rollout = await openRollout(world, order)
  if (!rollout) return
  await refuseHeld(world, order)
  const ask = { lane: 'change' as const, signal }
  const first = await look(world, rollout, ask)
  const groupId = await exceptionsGroup(world, rollout, ask)
  const exceptions: Exceptions = { world, rolloutId: rollout.id, groupId, ask }
  const plan = await settled(world, order, rollout, exceptions, first)
  const read = await inPolicyTurn(world, rollout.id, () => widen(world, order, rollout, exceptions, plan))
  const at = world.clock.now()
  const caught = plan.caught.map((person) => person.id)
  await world.store.tx(async (writer) => {
    const rows = await writer.membersAmong(rollout.id, caught)
    const fresh = rows.filter((one) => one.inPlaceAt === null).map((one) => one.personId)
    await writer.setMembers(rollout.id, fresh, { in_place_at: at })
    const { excludedPeople: people, excludedGroups: groups } = wideOf(world, rollout, plan, groupId)
    await writer.recordObject(rollout.id, 'policy', read, at)
    await writer.recordObject(rollout.id, 'exclusions', { people: [...people, GUESTS], groups }, at)
    const data = {
      policyId: rollout.policyId,
      exceptions: groupId,
      caught: caught.length,
      out: plan.exceptions.length,
    }
    await writer.append({ at, rolloutId: rollout.id, type: 'policy.widened', actor: 'wavegate', data })
    const told = await tellRollout(writer, rollout.id, { type: 'GRADUATED', at, attempt: order.attempt })
    if (!told.moved) throw new Superseded('the rollout graduates no longer')
  })
}

/** undefined: somebody moved the rollout on. */
async function openRollout(world: World, order: WorkOrder): Promise<StoredRollout | undefined> {
  const rollout = await world.store.read.rollout(order.rolloutId)
  const asked = rollout && rolloutContextOf(rollout.saved).asked
  const isOpen = asked?.stands === 'open' && asked.attempt === order.attempt
  return rollout?.state === 'graduating' && isOpen ? rollout : undefined
}

/** @throws Superseded @throws when it is held: it is tried again when nothing holds */
async function refuseHeld(world: World, order: WorkOrder): Promise<void> {
  const rollout = await openRollout(world, order)
  if (!rollout) throw new Superseded('the rollout graduates no longer')
  const [hold] = rolloutContextOf(rollout.saved).holds
  if (hold) throw new Error(`held (${hold.kind}) before the policy was widened`)
}

async function look(world: World, rollout: StoredRollout, ask: Ask): Promise<GraduationPlan> {
  const request = await world.store.read.adoptionRequest(rollout.id, 'graduate')
  const approved = new Set(request?.approvedBy ? request.people : [])
  const plan = await readGraduation(world, rollout, approved, ask)
  refuse(plan.findings)
  return plan
}

/** Until two readings in a row say the same: whoever came meanwhile is among the exceptions too. */
async function settled(
  world: World,
  order: WorkOrder,
  rollout: StoredRollout,
  exceptions: Exceptions,
  first: GraduationPlan,
): Promise<GraduationPlan> {
  let plan = first
  for (let reading = 0; reading < READINGS; reading++) {
    await refuseHeld(world, order)
    await keepOut(world, rollout, exceptions, plan)
    await recordCaught(world, rollout, plan)
    const { signal } = exceptions.ask
    await writeToCaught(world, rollout, plan, () => refuseHeld(world, order), signal)
    const next = await look(world, rollout, exceptions.ask)
    if (sameNames(plan, next)) return next
    plan = next
  }
  throw new Error('people came and went while the exceptions were read')
}

function sameNames(one: GraduationPlan, other: GraduationPlan): boolean {
  const names = ({ caught, exceptions }: GraduationPlan) =>
    JSON.stringify([ids(caught), ids(exceptions.map(({ person }) => person))])
  return names(one) === names(other)
}

function ids(people: readonly Person[]): string[] {
  return people.map((person) => person.id).toSorted()
}

async function keepOut(
  world: World,
  rollout: StoredRollout,
  exceptions: Exceptions,
  plan: GraduationPlan,
): Promise<void> {
  const wanted = ids(plan.exceptions.map(({ person }) => person))
  const there = await putAmongExceptions(exceptions, wanted)
  const missing = wanted.filter((id) => !there.has(id))
  if (missing.length > 0) throw new Error(`not read back among the exceptions: ${missing.join(', ')}`)
  const graduation = await world.store.read.graduation(rollout.id)
  if (graduation?.wideAt !== null) return
  // Of an earlier graduation: ready since, or in a wave since.
  const left = await takeFromExceptions(exceptions, wanted)
  if (left.size > 0) throw new Error('not read back as no longer among the exceptions')
}

async function widen(
  world: World,
  order: WorkOrder,
  rollout: StoredRollout,
  { groupId, ask }: Exceptions,
  plan: GraduationPlan,
): Promise<Policy> {
  await refuseHeld(world, order)
  const policyId = rollout.policyId ?? ''
  const policy = await world.directory.readPolicy(policyId, ask)
  const known = await world.store.read.graduation(rollout.id)
  const narrow = (known?.narrow as Policy['conditions'] | null | undefined) ?? policy.conditions
  const wide = wideConditions(narrow, groupId)
  if (!isWide(policy)) {
    await world.store.tx(async (writer) => {
      await refuseTakenBackSince(writer, rollout.id, plan)
      await writer.setGraduation(rollout.id, { narrow, wideAt: world.clock.now() })
      const event = {
        at: world.clock.now(),
        rolloutId: rollout.id,
        type: 'policy.widening',
        actor: 'wavegate',
      }
      await writer.append({ ...event, data: { policyId, exceptions: groupId } })
    })
    try {
      await world.directory.patchPolicy(policyId, { conditions: wide }, ask)
    } catch (error) {
      // The read-back decides what a lost answer did.
      if (!isFailure(error, 'unknownEffect')) throw error
    }
  }
  const read = await pollUntil(world, ask.signal, async () => {
    const now = await world.directory.readPolicy(policyId, ask)
    return isAbout(now, wide) ? now : undefined
  })
  if (!read) throw new Error(`the policy ${policyId} was not read back as about all users in time`)
  const accepted = (await acceptedProperties(world.store.read, rollout.id)) ?? {}
  refuse([
    ...policyFindings(read, { ...wideOf(world, rollout, plan, groupId), accepted }),
    ...guestFindings(read),
  ])
  return read
}

/** From here on whoever is taken back goes among the exceptions first; since the last look nobody may have been. */
async function refuseTakenBackSince(
  writer: Writer,
  rolloutId: string,
  { takenBack }: GraduationPlan,
): Promise<void> {
  const now = takenBackAmong(await writer.membersOfRollout(rolloutId))
  if ([...now].some((id) => !takenBack.has(id)))
    throw new Error('somebody was taken back while the exceptions were read')
}

function wideOf(
  world: World,
  { policyId }: StoredRollout,
  { protection, demand }: GraduationPlan,
  groupId: string,
) {
  return wideWanted(world, policyId ?? '', demand, protection, groupId)
}
