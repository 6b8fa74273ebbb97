import { tellWave } from '../engine/tell.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Member } from '../store/members.ts'
import type { Situation } from './act.ts'
import { keepVerb, within } from './keep.ts'
import { rolloutView } from './look.ts'
import type { VerbAnswer } from './views.ts'

/** People whose outcome is failed or unknown, again; everybody else of the call is left as they are. */
export async function retryPeople(
  world: World,
  situation: Situation,
  people: readonly Member[],
): Promise<VerbAnswer> {
  const { caller, call, rollout } = situation
  const again = people.filter((member) => member.outcome === 'failed' || member.outcome === 'unknown')
  const changed = again.length > 0 && !call.dryRun
  const answer = async (seen: World): Promise<VerbAnswer> => ({
    verb: 'retry',
    changed,
    dryRun: call.dryRun,
    says:
      again.length === 0
        ? 'Nobody of them has failed or is unknown.'
        : `${again.length} people are taken again.`,
    people: again.map(({ personId, upn }) => ({ personId, upn, why: 'is taken again' })),
    rollout: await rolloutView(seen, rollout.id),
  })
  if (!changed) return await answer(world)
  const at = world.clock.now()
  return await world.store.tx(async (writer) => {
    const failed = again.filter((member) => member.outcome === 'failed').map((member) => member.personId)
    await writer.setMembers(rollout.id, failed, { outcome: 'pending', outcome_reason: null })
    for (const waveId of new Set(again.map((member) => member.waveId))) {
      const data = { people: again.filter((one) => one.waveId === waveId).map((one) => one.personId) }
      await writer.append({
        at,
        rolloutId: rollout.id,
        waveId,
        type: 'verb.retry',
        actor: caller.person,
        reason: call.reason,
        data,
      })
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
