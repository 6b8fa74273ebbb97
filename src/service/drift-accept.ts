import { tellDrift } from '../engine/drift.ts'
import { isOf } from '../engine/drift-names.ts'
import { findingName, sayDrift, upnOf } from '../engine/drift-words.ts'
import { tellRollout } from '../engine/tell.ts'
import { queueUnretirePeople } from '../engine/unretire.ts'
import { acceptedKey, WATCHED_POLICIES } from '../engine/watched-policy.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { GROUP_MEMBERSHIP } from '../methods/group-membership.ts'
import { withProperty } from '../methods/policy-properties.ts'
import type { Drift } from '../store/drift.ts'
import type { Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { takeExceptions, takePerUser, whyAccepted } from './drift-accept-people.ts'
import { namedFindings } from './drift-view.ts'
import { rolloutView } from './look.ts'
import { checkCall } from './permit.ts'
import type { VerbAnswer } from './views.ts'

/** What was found becomes the recorded state, by name, unless it breaks a promise. */
export async function acceptDrift(world: World, situation: Situation): Promise<VerbAnswer> {
  const { call, rollout } = situation
  const chosen = namedFindings(await world.store.read.openDrift(rollout.id), call.findings ?? [])
  const barred = chosen.find((one) => one.barred !== null)
  if (barred)
    throw fault('driftBarred', { finding: `${findingName(barred)} (${barred.says})`, because: barred.barred })
  if (!call.dryRun) await world.store.tx((writer) => take(writer, world, situation, chosen))
  return {
    verb: 'accept',
    changed: !call.dryRun,
    dryRun: call.dryRun,
    says: `${call.dryRun ? 'Would take' : 'Taken'} as it is: ${sayDrift(chosen).join('; ')}.`,
    people: chosen.flatMap((one) =>
      one.personId === null ? [] : [{ personId: one.personId, upn: upnOf(one), why: whyAccepted(one) }],
    ),
    rollout: await rolloutView(world, rollout.id),
  }
}

async function take(
  writer: Writer,
  world: World,
  situation: Situation,
  chosen: readonly Drift[],
): Promise<void> {
  const { caller, call, rollout } = situation
  // Looked at again where nobody comes between: another look may have found more, and the ETag says so.
  const now = (await writer.rollout(rollout.id)) ?? rollout
  checkCall(caller, call, now, await writer.wavesOf(rollout.id))
  const at = world.clock.now()
  const data = { channel: caller.channel, findings: sayDrift(chosen) }
  const said = { at, rolloutId: rollout.id, actor: caller.person, reason: call.reason }
  await writer.append({ ...said, type: 'verb.accept', data })
  await takeProperties(writer, rollout.id, at, chosen)
  await adoptPeople(writer, situation, at, chosen)
  await parkPeople(writer, situation, at, chosen)
  await takeExceptions(writer, situation, at, chosen)
  await takePerUser(writer, situation, at, chosen)
  await writer.settleDrift(
    chosen.map((one) => one.id),
    { how: 'accepted', by: caller.person, reason: call.reason, at },
  )
  if ((await writer.openDrift(rollout.id)).length > 0) return await tellDrift(writer, rollout.id, at)
  await tellRollout(writer, rollout.id, { type: 'ACCEPT', at, by: caller.person, reason: call.reason })
}

/** Later looks compare with it, and the way in takes it for wanted. */
async function takeProperties(
  writer: Writer,
  rolloutId: string,
  at: number,
  chosen: readonly Drift[],
): Promise<void> {
  for (const object of WATCHED_POLICIES) {
    const changed = chosen.filter((one) => one.object === object)
    const recorded = await writer.recorded(rolloutId, object)
    if (changed.length === 0 || !recorded) continue
    const accepted = (await writer.recorded(rolloutId, acceptedKey(object))) ?? {}
    const body = changed.reduce((whole, one) => withProperty(whole, one.property, one.after), recorded)
    const more = Object.fromEntries(changed.map((one) => [one.property, one.after]))
    await writer.recordObject(rolloutId, object, body, at)
    await writer.recordObject(rolloutId, acceptedKey(object), { ...accepted, ...more }, at)
  }
}

/** In the group before we ever asked for it, as far as the ledger is concerned: never undone by us. */
async function adoptPeople(
  writer: Writer,
  { caller, call, rollout }: Situation,
  at: number,
  chosen: readonly Drift[],
): Promise<void> {
  const people = chosen.filter(isOf('added')).flatMap((one) => one.personId ?? [])
  if (people.length === 0 || rollout.groupId === null) return
  const place = { target: rollout.groupId, rolloutId: rollout.id, at }
  const image = { member: true }
  await writer.recordImages(
    { ...place, effect: GROUP_MEMBERSHIP.effect, waveId: '' },
    people.map((personId) => ({ personId, image })),
  )
  await writer.adopt({ ...place, by: caller.person, reason: call.reason }, people)
  const event = { at, rolloutId: rollout.id, actor: caller.person, reason: call.reason, data: { people } }
  await writer.append({ ...event, type: 'members.adopted' })
}

/** Out of the group, as before us: nothing of ours is left to undo, and nobody asks for them again by itself. */
async function parkPeople(
  writer: Writer,
  { caller, call, rollout }: Situation,
  at: number,
  chosen: readonly Drift[],
): Promise<void> {
  const people = chosen.filter(isOf('removed')).flatMap((one) => one.personId ?? [])
  if (people.length === 0) return
  await writer.setMembers(rollout.id, people, {
    deferred: 'takenOut',
    outcome: 'pending',
    outcome_reason: null,
    in_place_at: null,
    locked_out_now: 0,
  })
  const images = await writer.openImages(GROUP_MEMBERSHIP.effect, rollout.groupId ?? '', people)
  await writer.closeImages(
    [...images.values()].map((image) => image.id),
    at,
  )
  const lost = await writer.membersAmong(rollout.id, people)
  for (const wave of await writer.wavesOf(rollout.id)) {
    await queueUnretirePeople(writer, { rolloutId: rollout.id, waveId: wave.id }, people)
    const count = lost.filter((member) => member.waveId === wave.id).length
    const said = { type: 'LOST' as const, at, wave: wave.position, people: count }
    if (count > 0) await tellRollout(writer, rollout.id, said)
  }
  const event = { at, rolloutId: rollout.id, actor: caller.person, reason: call.reason, data: { people } }
  await writer.append({ ...event, type: 'members.deferred' })
}
