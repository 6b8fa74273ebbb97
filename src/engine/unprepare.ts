import type { Preparation } from '../prepare/preparation.ts'
import type { Member } from '../store/members.ts'
import type { Prepared } from '../store/preparation.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import { allPreparations } from './all-preparations.ts'
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
  const recorded = new Set<string>()
  for (const { preparation, target } of await allPreparations(world, rollout)) {
    const rows = await sentTo(world, rollout, preparation, out)
    const { effect } = preparation.change(new Map())
    const images = await world.store.read.openImages(effect, target, [...rows.keys()])
    const mine = new Map([...rows].filter(([id]) => images.has(id)))
    for (const id of mine.keys()) recorded.add(`${preparation.step} ${id}`)
    if (mine.size === 0) continue
    const wanted = new Map([...mine].map(([id, row]) => [id, row.wanted ?? {}]))
    const restoring: Restoring = {
      world,
      rolloutId: rollout.id,
      changes: [preparation.change(wanted)],
      by,
      isOfEverybody: true,
      tell: (writer, told) => tell(writer, rollout.id, preparation, told),
      signal,
    }
    // As long as its before-image is open it is not taken back, whatever became of another change of the step.
    const members = out.flatMap((member) => {
      const row = mine.get(member.personId)
      return row ? [{ ...member, restore: row.restore === 'resolved' ? ('resolved' as const) : null }] : []
    })
    await takePeopleOut(restoring, members)
  }
  await noteUntouched(world, rollout, out, recorded)
  return await stillPrepared(world, rollout.id, people, out)
}

/** Something was wanted of them, and nothing was sent. */
async function noteUntouched(
  world: World,
  rollout: StoredRollout,
  out: readonly Member[],
  recorded: ReadonlySet<string>,
): Promise<void> {
  const ids = out.map((member) => member.personId)
  const rows = await world.store.read.preparations(rollout.id, ids)
  const open = rows.filter((one) => one.wanted !== null && one.restore === null)
  const untouched = open.filter((one) => !recorded.has(`${one.step} ${one.personId}`))
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    for (const [step, some] of Map.groupBy(untouched, (one) => one.step)) {
      const people = some.map((one) => one.personId)
      const told = { restore: 'untouched', reason: 'never changed', isOver: true }
      await writer.setUnprepared(rollout.id, people, { step, at, ...told })
    }
  })
}

/** What of these people's preparation could not be taken back, or is not known to be. */
async function stillPrepared(
  world: World,
  rolloutId: string,
  people: readonly Member[],
  out: readonly Member[],
): Promise<StillPrepared> {
  const ids = people.map((member) => member.personId)
  const taken = new Set(out.map((member) => member.personId))
  const rows = await world.store.read.preparations(rolloutId, ids)
  const unknown = rows.filter((row) => row.restore === 'unknown').map((row) => row.personId)
  const isLeft = ({ restore, wanted, personId }: Prepared) =>
    restore === 'failed' || (restore === null && wanted !== null && taken.has(personId))
  return { failed: rows.filter(isLeft).length, unknown: [...new Set(unknown)] }
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
