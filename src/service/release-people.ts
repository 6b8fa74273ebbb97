import { planOf } from '../engine/job.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Member } from '../store/members.ts'
import type { StoredWave } from '../store/rollouts.ts'
import type { Situation } from './act.ts'
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
  if (changed) await record(world, situation, parked)
  const then = planOf(rollout).catchUp
    ? 'the catch-up takes them once their readiness is newer than the rollback'
    : 'this plan has no catch-up; a new run may take them'
  return {
    verb: 'release',
    changed,
    dryRun: call.dryRun,
    says: parked.length === 0 ? 'It is so already.' : `${call.dryRun ? 'Would: r' : 'R'}eleased: ${then}.`,
    people: parked.map(({ personId, upn }) => ({ personId, upn, why: 'may be taken again' })),
    rollout: await rolloutView(world, rollout.id),
  }
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
  world: World,
  { caller, call, rollout }: Situation,
  people: readonly Member[],
): Promise<void> {
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    const ids = people.map((member) => member.personId)
    await writer.setMembers(rollout.id, ids, { deferred: 'released', released_at: at })
    for (const { waveId, personId } of people) {
      const place = { at, rolloutId: rollout.id, waveId, personId }
      await writer.append({ ...place, type: 'verb.release', actor: caller.person, reason: call.reason })
    }
  })
}
