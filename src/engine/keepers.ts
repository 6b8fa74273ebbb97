import { GraphFailure } from '../graph/errors.ts'
import type { Image } from '../methods/change.ts'
import { perUserMfaRetirement } from '../methods/per-user-mfa.ts'
import type { Member } from '../store/members.ts'
import { isImage } from './chunk.ts'
import { type CrossingOrder, sayOnce, wordsCountSince } from './crossing.ts'
import { jobFailure } from './job.ts'
import { note } from './retire-note.ts'
import type { World } from './world.ts'

/** People between two writes. */
const READ_AT_ONCE = 200

/**
 * Names who is in place, not proven and under per-user MFA: they keep it. Who could not be read stays open and is read
 * with the next reading of the log.
 */
export async function noteKeepers(world: World, order: CrossingOrder, signal: AbortSignal): Promise<void> {
  const since = await wordsCountSince(world.store.read, order.rolloutId)
  const isProven = ({ lastProvenAt, inPlaceAt }: Member) =>
    lastProvenAt !== null && lastProvenAt > since && lastProvenAt >= (inPlaceAt ?? 0)
  const open = (await world.store.read.openCrossings(order.waveId)).filter(
    (member) => member.perUserMfa === null && !isProven(member),
  )
  const change = perUserMfaRetirement(world.directory)
  try {
    for (let start = 0; start < open.length; start += READ_AT_ONCE) {
      const ids = open.slice(start, start + READ_AT_ONCE).map((member) => member.personId)
      const now = await change.read(ids, { lane: 'scan', signal })
      const isOff = (id: string) => {
        const image = now.get(id)
        return isImage(image) ? change.reached(image, 'disabled') : undefined
      }
      const kept = ids.filter((id) => isOff(id) === false)
      const off = ids.filter((id) => isOff(id) === true)
      const states = kept.map((id) => [id, String((now.get(id) as Image)['state'])] as const)
      await note({ world, order }, kept, { mark: 'keeps', reason: 'notProven' }, new Map(states))
      await note({ world, order }, off, { mark: 'none', reason: null })
    }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    await sayOnce(world, order, 'crossing.failed', jobFailure(error).message)
  }
}
