import { tellWave } from '../engine/tell.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Member } from '../store/members.ts'
import type { Situation } from './act.ts'
import { keepVerb, within } from './keep.ts'
import { rolloutView } from './look.ts'
import { notPrepared, prepareAgain } from './retry-preparations.ts'
import { retirable, retireAgain } from './retry-retirements.ts'
import type { VerbAnswer } from './views.ts'

/** People whose outcome, preparation or end of per-user MFA is failed or unknown, again; the others are left as they are. */
export async function retryPeople(
  world: World,
  situation: Situation,
  people: readonly Member[],
): Promise<VerbAnswer> {
  const { caller, call, rollout } = situation
  const at = world.clock.now()
  const again = people.filter((member) => member.outcome === 'failed' || member.outcome === 'unknown')
  const others = people.filter((member) => !again.includes(member))
  const over = await retirable(world.store.read, others, at)
  const missed = await notPrepared(world.store.read, others)
  const all = [...again, ...over, ...missed.filter((member) => !over.includes(member))]
  const changed = all.length > 0 && !call.dryRun
  const answer = async (seen: World): Promise<VerbAnswer> => ({
    verb: 'retry',
    changed,
    dryRun: call.dryRun,
    says:
      all.length === 0 ? 'Nobody of them has failed or is unknown.' : `${all.length} people are taken again.`,
    people: all.map((member) => {
      const { personId, upn, outcome } = member
      return { personId, upn, why: missed.includes(member) ? 'is prepared again' : whyAgain(outcome) }
    }),
    rollout: await rolloutView(seen, rollout.id),
  })
  if (!changed) return await answer(world)
  return await world.store.tx(async (writer) => {
    await retireAgain(writer, await retirable(writer, over, at), at)
    await prepareAgain(writer, missed, at)
    const failed = again.filter((member) => member.outcome === 'failed').map((member) => member.personId)
    await writer.setMembers(rollout.id, failed, { outcome: 'pending', outcome_reason: null })
    for (const [waveId, own] of Map.groupBy(all, (member) => member.waveId)) {
      const data = { people: own.map((one) => one.personId) }
      await writer.append({
        at,
        rolloutId: rollout.id,
        waveId,
        type: 'verb.retry',
        actor: caller.person,
        reason: call.reason,
        data,
      })
      // Who only goes over again leaves the wave where it is.
      if (!own.some((one) => again.includes(one) || missed.includes(one))) continue
      const told = await tellWave(writer, waveId, {
        type: 'RETRY',
        at,
        by: caller.person,
        reason: call.reason,
      })
      if (!told.moved) {
        const possible = 'rollback of the people, or another rollout'
        const subject = `wave ${(await writer.wave(waveId))?.name}`
        throw fault('verbNotPossible', { verb: 'retry', subject, state: told.from, holds: '', possible })
      }
    }
    return await keepVerb(writer, world, situation, await answer(within(world, writer)))
  })
}

function whyAgain(outcome: Member['outcome']): string {
  return outcome === 'failed' || outcome === 'unknown' ? 'is taken again' : 'goes over again'
}
