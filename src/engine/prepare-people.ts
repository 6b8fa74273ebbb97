import type { Ask } from '../graph/directory/ask.ts'
import type { Image } from '../methods/change.ts'
import type { Preparation } from '../prepare/preparation.ts'
import type { Prepared } from '../store/preparation.ts'
import type { WaveJob } from './job.ts'
import { type Found, noteFound } from './prepare-note.ts'
import { prepareParty } from './prepare-party.ts'
import { lookAtUnknown } from './prepare-read-back.ts'
import { leaveProtectedOut } from './prepare-sight.ts'
import { readPresence } from './presence.ts'
import { inParts } from './side-by-side.ts'
import type { World } from './world.ts'

/** One step of the preparation of a wave's people. */
export interface Preparing {
  world: World
  job: WaveJob
  preparation: Preparation
  protectedPeople: ReadonlySet<string>
  /** Asked before every call. @throws ChunkCut when who is protected is to be read anew */
  refuseStale(): void
  signal: AbortSignal
}

/** The next people of a step: each gets an outcome, or is on the way to one. @throws ChunkCut @throws Superseded */
export async function preparePeople(preparing: Preparing, most: number): Promise<void> {
  const { world, job, preparation } = preparing
  await lookAtUnknown(preparing)
  const { step } = preparation
  const members = await world.store.read.toPrepare(job.wave.id, step, most)
  if (members.length === 0) return
  const ids = members.map((member) => member.personId)
  const known = await world.store.read.preparations(job.rollout.id, ids, step)
  const asked = new Map(known.filter((one) => isAsked(one, job)).map((one) => [one.personId, one.wanted]))
  const fresh = ids.filter((id) => !asked.has(id))
  const wanted = new Map([...asked, ...(await resolve(preparing, fresh))] as [string, Image][])
  const change = preparation.change(wanted)
  for (const party of inParts([...wanted.keys()], Math.min(change.together, most))) {
    await prepareParty(preparing, change, party)
  }
}

/** What somebody was to get is decided once: an attempt of it may have been sent. */
function isAsked({ outcome, wanted, waveId }: Prepared, { wave }: WaveJob): boolean {
  return outcome === 'pending' && wanted !== null && waveId === wave.id
}

/** Notes what comes of those who get nothing; answers with what the others get. */
async function resolve(preparing: Preparing, ids: readonly string[]): Promise<Map<string, Image>> {
  const { preparation, signal } = preparing
  const ask: Ask = { lane: 'scan', signal }
  const going = await leaveAbsentOut(preparing, await leaveProtectedOut(preparing, ids))
  if (going.length === 0) return new Map()
  const { wanted, others } = await preparation.resolve(going, ask)
  const found = going.map((personId): Found => {
    const image = wanted.get(personId)
    if (image) return { personId, outcome: 'pending', reason: null, wanted: image }
    const other = others.get(personId)
    if (other) return { personId, ...other, wanted: null }
    return { personId, outcome: 'failed', reason: 'nothing is known of what to give', wanted: null }
  })
  await noteFound(preparing, found)
  return new Map(found.flatMap((one) => (one.wanted === null ? [] : [[one.personId, one.wanted]])))
}

async function leaveAbsentOut(preparing: Preparing, ids: readonly string[]): Promise<string[]> {
  const { world, job, signal } = preparing
  const members = await world.store.read.membersAmong(job.rollout.id, ids)
  const { gone, disabled } = await readPresence(world, members, { lane: 'scan', signal })
  const absent = ids.flatMap((personId): Found[] => {
    const nothing = { personId, wanted: null }
    if (gone.has(personId)) return [{ ...nothing, outcome: 'gone', reason: 'not in the directory any more' }]
    return disabled.has(personId) ? [{ ...nothing, outcome: 'skipped', reason: 'disabledAccount' }] : []
  })
  await noteFound(preparing, absent)
  return ids.filter((id) => !gone.has(id) && !disabled.has(id))
}
