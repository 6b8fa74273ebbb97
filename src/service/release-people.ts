import { planOf } from '../engine/job.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Member } from '../store/members.ts'
import type { StoredWave } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { keepVerb, within } from './keep.ts'
import { rolloutView } from './look.ts'
import type { VerbAnswer } from './views.ts'

/** People who were taken back may be taken by the catch-up again, once their readiness is newer than that. */
export async function releasePeople(
  world: World,
  situation: Situation,
  people: readonly Member[],
): Promise<VerbAnswer> {
  const { call, rollout, waves } = situation
  for (const member of people) refuseUnlessTakenBack(member, waves)
  const parked = people.filter((member) => member.deferred !== 'released')
  const changed = parked.length > 0 && !call.dryRun
  const then = planOf(rollout).catchUp
    ? 'the catch-up takes them once their readiness is newer than the rollback'
    : 'this plan has no catch-up; a new run may take them'
  const answer = async (seen: World): Promise<VerbAnswer> => ({
    verb: 'release',
    changed,
    dryRun: call.dryRun,
    says: parked.length === 0 ? 'It is so already.' : `${call.dryRun ? 'Would: r' : 'R'}eleased: ${then}.`,
    people: parked.map(({ personId, upn }) => ({ personId, upn, why: 'may be taken again' })),
    rollout: await rolloutView(seen, rollout.id),
  })
  if (!changed) return await answer(world)
  return await world.store.tx(async (writer) => {
    await record(writer, world, situation, parked)
    return await keepVerb(writer, world, situation, await answer(within(world, writer)))
  })
}

/** @throws notApplicable */
function refuseUnlessTakenBack(member: Member, waves: readonly StoredWave[]): void {
  const { upn, deferred, restore, waveId, requestedAt } = member
  const refuse = (because: string, instead: string) =>
    fault('notApplicable', { verb: 'release', because, instead })
  const isOfWave = waves.some((wave) => wave.id === waveId && wave.state === 'rolledBack')
  if (deferred !== 'rolledBack' && deferred !== 'released' && !isOfWave)
    throw refuse(`${upn} was not taken back`, 'Nothing keeps the person from the next wave.')
  const isBack = requestedAt === null || (restore !== null && BACK.includes(restore))
  if (!isBack)
    throw refuse(
      `${upn} is still being taken back`,
      'Wait until the rollback is read back, or settle it with resolve.',
    )
}

const BACK: readonly string[] = ['restored', 'untouched', 'notOurs', 'resolved', 'conflict']

async function record(
  writer: Writer,
  world: World,
  { caller, call, rollout }: Situation,
  people: readonly Member[],
): Promise<void> {
  const at = world.clock.now()
  const ids = people.map((member) => member.personId)
  await writer.setMembers(rollout.id, ids, { deferred: 'released', released_at: at })
  for (const { waveId, personId } of people) {
    const place = { at, rolloutId: rollout.id, waveId, personId }
    await writer.append({ ...place, type: 'verb.release', actor: caller.person, reason: call.reason })
  }
}
