import type { Ask } from '../graph/directory/ask.ts'
import type { Image } from '../methods/change.ts'
import {
  isWeaker,
  PER_USER_MFA,
  PER_USER_MFA_RETIRED,
  perUserMfa,
  perUserMfaRetirement,
} from '../methods/per-user-mfa.ts'
import type { Drift, Finding } from '../store/drift.ts'
import type { WatchedPerson } from '../store/per-user-look.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { isImage } from './chunk.ts'
import { isDisarmed } from './drift-findings.ts'
import { planOf } from './job.ts'
import { mayHaveActed } from './ownership.ts'
import type { World } from './world.ts'

/** Each costs a call of its own, and Microsoft allows five in ten seconds to everybody together. */
export const PEOPLE_A_LOOK = 20

/** Less than was left: MFA that another hand took off. */
export const LOWERED = 'perUserMfa.lowered'

/** Switched on again after a crossing had ended it. */
export const RAISED = 'perUserMfa.raised'

/**
 * People whose own state another hand changed: a few a look, the longest not looked at first, and whom the look before
 * suspected. What is known of the others stands.
 */
export async function perUserFindings(
  world: World,
  rollout: StoredRollout,
  suspects: readonly string[],
  ask: Ask,
): Promise<Finding[]> {
  const { read } = world.store
  const isCrossing = isCrossingPlan(rollout)
  // While the policy is off everybody gets their per-user MFA back, by our own hand.
  if (isCrossing && isDisarmed(rollout)) return []
  const next = await read.perUserToLook(rollout.id, isCrossing, PEOPLE_A_LOOK)
  const again = await read.perUserAmong(rollout.id, isCrossing, suspects)
  const ids = [...new Set([...again, ...next].map(({ member }) => member.personId))]
  const change = isCrossing ? perUserMfaRetirement(world.directory) : perUserMfa(world.directory)
  const now = ids.length > 0 ? await change.read(ids, ask) : new Map()
  const seen = new Map<string, Image>()
  for (const id of ids) {
    const image = now.get(id)
    if (isImage(image)) seen.set(id, image)
  }
  const known = (await read.openDrift(rollout.id)).filter((one) => one.object === 'person')
  // Looked at again after the reading: whoever moved on meanwhile was changed by us.
  const people = new Map(
    (
      await read.perUserAmong(rollout.id, isCrossing, [...ids, ...known.flatMap((one) => one.personId ?? [])])
    ).map((one) => [one.member.personId, one]),
  )
  await noteLook(world, rollout, ids, people, seen)
  const fresh = await drifted(world, rollout, [...people.values()], seen)
  return [...fresh, ...known.filter((one) => standsUnseen(one, people, seen))]
}

export function isCrossingPlan(rollout: Pick<StoredRollout, 'plan'>): boolean {
  return planOf(rollout).enforce.by === 'conditional-access'
}

/** Nobody looked this time, or it could not be read: what was found before stands. */
function standsUnseen(
  { personId }: Drift,
  people: ReadonlyMap<string, WatchedPerson>,
  seen: ReadonlyMap<string, Image>,
): boolean {
  return personId !== null && people.has(personId) && !seen.has(personId)
}

/** Whoever has no state on record yet: as it is now, unless it is off already. */
async function noteLook(
  world: World,
  rollout: StoredRollout,
  ids: readonly string[],
  people: ReadonlyMap<string, WatchedPerson>,
  seen: ReadonlyMap<string, Image>,
): Promise<void> {
  if (ids.length === 0) return
  const states = new Map<string, string>()
  for (const [id, image] of seen) {
    const person = people.get(id)
    if (person?.member.perUserMfa !== 'keeps' || image['state'] === 'disabled') continue
    const left = { state: person.state ?? 'disabled' }
    if (isWeaker(left, image)) states.set(id, String(image['state']))
  }
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.notePerUserLook(rollout.id, ids, at)
    await writer.notePerUserState(rollout.id, states)
  })
}

async function drifted(
  world: World,
  rollout: StoredRollout,
  people: readonly WatchedPerson[],
  seen: ReadonlyMap<string, Image>,
): Promise<Finding[]> {
  const found = people.flatMap((person) => {
    const now = seen.get(person.member.personId)
    const finding = now && differenceOf(rollout, person, now)
    return finding ? [{ finding, person }] : []
  })
  const ours = await changedByUs(
    world,
    rollout,
    found.map(({ person }) => person),
  )
  return found.flatMap(({ finding, person }) => (ours.has(person.member.personId) ? [] : [finding]))
}

function differenceOf(rollout: StoredRollout, person: WatchedPerson, now: Image): Finding | undefined {
  const { member } = person
  const expected = expectedOf(rollout, person)
  const isRetired = member.perUserMfa === 'retired' && isCrossingPlan(rollout)
  if (isRetired ? now['state'] === expected : !isWeaker(now, { state: expected })) return undefined
  return {
    object: 'person',
    property: isRetired ? RAISED : LOWERED,
    personId: member.personId,
    before: { state: expected, upn: member.upn },
    after: { state: now['state'] },
    says: `per-user MFA of ${member.upn}: ${expected} → ${now['state']}`,
    barred: null,
  }
}

/** How the person’s own state was left. Microsoft turns `enabled` into `enforced`: that is more, and no drift. */
function expectedOf(rollout: StoredRollout, { member, state }: WatchedPerson): string {
  if (!isCrossingPlan(rollout)) return state ?? 'enforced'
  if (member.perUserMfa === 'retired') return 'disabled'
  return state ?? 'enabled'
}

/** Of whom a call of ours may have done it, sent since it was noted how they were left. */
async function changedByUs(
  world: World,
  rollout: StoredRollout,
  people: readonly WatchedPerson[],
): Promise<Set<string>> {
  const { effect, target } = isCrossingPlan(rollout) ? PER_USER_MFA_RETIRED : PER_USER_MFA
  const ids = people.map(({ member }) => member.personId)
  const attempts = await world.store.read.attempts(effect, target, ids)
  const ours = people.filter(({ member }) => {
    const away = member.perUserMfa === 'keeps' ? 'apply' : 'restore'
    const since = member.perUserAt ?? member.inPlaceAt ?? 0
    const mine = attempts.get(member.personId) ?? []
    return mine.some((one) => one.direction === away && one.intendedAt > since && mayHaveActed(one))
  })
  return new Set(ours.map(({ member }) => member.personId))
}
