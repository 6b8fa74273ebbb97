import type { Preparation } from '../prepare/preparation.ts'
import type { Member, Restore } from '../store/members.ts'
import type { Prepared } from '../store/preparation.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import { planOf } from './plan-of.ts'
import { preparationsOf } from './preparations.ts'
import { meaning, type Restoring, type Told } from './settle-restored.ts'
import { isSettled } from './take-out-group.ts'
import { takePeopleOut } from './take-people-out.ts'
import type { World } from './world.ts'

/** Who of some people is not yet as before their preparation. */
export interface StillPrepared {
  failed: number
  unknown: string[]
}

/**
 * What was done to people before the switch, taken back: the newest step first, only what is ours, and of nobody who is
 * still under MFA by us. What another hand changed since is left and said.
 */
export async function unprepare(
  world: World,
  rollout: StoredRollout,
  people: readonly Member[],
  { by, signal }: Pick<Restoring, 'by' | 'signal'>,
): Promise<StillPrepared> {
  const out = people.filter((member) => member.restore === null || isSettled(member.restore))
  for (const preparation of preparationsOf(world, rollout, planOf(rollout)).toReversed()) {
    const rows = await sentTo(world, rollout, preparation, out)
    if (rows.size === 0) continue
    const wanted = new Map([...rows].map(([id, row]) => [id, row.wanted ?? {}]))
    const restoring: Restoring = {
      world,
      rolloutId: rollout.id,
      changes: [preparation.change(wanted)],
      by,
      isOfEverybody: true,
      tell: (writer, told) => tell(writer, rollout.id, preparation, told),
      signal,
    }
    const members = out.flatMap((member) => {
      const row = rows.get(member.personId)
      return row ? [{ ...member, restore: row.restore as Restore | null }] : []
    })
    await takePeopleOut(restoring, members)
  }
  return await stillPrepared(world, rollout.id, people)
}

/** What of these people's preparation could not be taken back, or is not known to be. */
async function stillPrepared(
  world: World,
  rolloutId: string,
  people: readonly Member[],
): Promise<StillPrepared> {
  const ids = people.map((member) => member.personId)
  const rows = await world.store.read.preparations(rolloutId, ids)
  const unknown = rows.filter((row) => row.restore === 'unknown').map((row) => row.personId)
  return { failed: rows.filter((row) => row.restore === 'failed').length, unknown: [...new Set(unknown)] }
}

/** By person: the step was wanted of them, so that an attempt may have been sent. */
async function sentTo(
  world: World,
  rollout: StoredRollout,
  { step }: Preparation,
  people: readonly Member[],
): Promise<Map<string, Prepared>> {
  const ids = people.map((member) => member.personId)
  const rows = await world.store.read.preparations(rollout.id, ids, step)
  return new Map(rows.filter((row) => row.wanted !== null).map((row) => [row.personId, row]))
}

async function tell(
  writer: Writer,
  rolloutId: string,
  { step }: Preparation,
  { at, people, restore, reason }: Told,
): Promise<void> {
  if (people.length === 0) return
  const { isOver } = meaning(restore)
  await writer.setUnprepared(rolloutId, people, { step, restore, reason, at, isOver })
  if (restore === 'untouched' || restore === 'notOurs') return
  const place = { at, rolloutId, actor: 'wavegate', reason }
  await writer.append({ ...place, type: `unprepare.${restore}`, data: { step, people } })
}
