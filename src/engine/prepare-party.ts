import type { Change, Image } from '../methods/change.ts'
import { hasReached } from '../methods/change.ts'
import { isOursBy, ledgerOf } from './chunk.ts'
import { refuseWhenHeld } from './held.ts'
import { noteOutcome } from './prepare-note.ts'
import type { Preparing } from './prepare-people.ts'
import { isHopeless, lastRetried, readBack, readOnce } from './prepare-read-back.ts'
import { sendGroup } from './prepare-send.ts'
import { leaveProtectedOut, readPeople } from './prepare-sight.ts'

/**
 * People who go through the stages of a change together. State read, before-image and intent committed, sent, and read
 * back before the next stage; who is not seen as wanted at the deadline is `unknown`, never a guess.
 */
export async function prepareParty(
  preparing: Preparing,
  change: Change,
  ids: readonly string[],
): Promise<void> {
  const { world, job, signal } = preparing
  await refuseWhenHeld(world, job, signal)
  preparing.refuseStale()
  const allowed = await leaveProtectedOut(preparing, ids)
  let seen: ReadonlyMap<string, Image> = await readPeople(preparing, change, allowed)
  seen = await leaveSettledOut(preparing, change, seen)
  for (const stage of change.stages) {
    const there = [...seen].filter(([, image]) => change.reached(image, stage))
    const absent = new Map([...seen].filter(([, image]) => !change.reached(image, stage)))
    const reached = await takeToStage(preparing, change, absent, stage)
    seen = new Map([...there, ...reached])
  }
}

/** As wanted already, by our hand or another's; and whom five tries have not brought there. Answers with the others. */
async function leaveSettledOut(
  preparing: Preparing,
  change: Change,
  seen: ReadonlyMap<string, Image>,
): Promise<Map<string, Image>> {
  const { world, job } = preparing
  const ids = [...seen.keys()]
  const ledger = await ledgerOf({ world, change }, ids)
  const there = ids.filter((id) => hasReached(change, seen.get(id) as Image))
  const ours = there.filter((id) => isOursBy(change, ledger, id))
  const others = there.filter((id) => !ours.includes(id))
  const { effect, target } = change
  const place = { effect, target, rolloutId: job.rollout.id, waveId: job.wave.id, at: world.clock.now() }
  await world.store.tx((writer) =>
    writer.recordImages(
      place,
      others.map((personId) => ({ personId, image: seen.get(personId) as Image })),
    ),
  )
  await noteOutcome(preparing, ours, 'done')
  await noteOutcome(preparing, others, 'already', 'so before us')
  const retriedAt = await lastRetried(preparing)
  const hopeless = ids.filter((id) => !there.includes(id) && isHopeless(change, ledger, id, retriedAt))
  await noteOutcome(preparing, hopeless, 'failed', `never seen ${change.says}`)
  return new Map([...seen].filter(([id]) => !there.includes(id) && !hopeless.includes(id)))
}

/** Answers with whom the tenant shows there. What was sent before an end is still read, however it ends. */
async function takeToStage(
  preparing: Preparing,
  change: Change,
  absent: ReadonlyMap<string, Image>,
  stage: string,
): Promise<ReadonlyMap<string, Image>> {
  const ids = [...absent.keys()]
  const sent = new Set<string>()
  try {
    for (let start = 0; start < ids.length; start += change.perCall) {
      const group = ids.slice(start, start + change.perCall)
      await sendGroup({ ...preparing, change, stage, seen: absent, sent }, group)
    }
  } catch (error) {
    if (!preparing.signal.aborted) await readOnce(preparing, change, [...sent], stage)
    throw error
  }
  return await readBack(preparing, change, [...sent], stage)
}
