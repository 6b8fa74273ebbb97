import type { StoredRollout } from '../store/rollouts.ts'
import type { Reader, Writer } from '../store/store.ts'
import type { Task } from '../store/tasks.ts'
import { rolloutContextOf } from './step.ts'
import type { World } from './world.ts'

/** The task that wipes what is sealed still when a rollout is over for good. */
export const WIPE_TOKENS = 'wipeTokens'

interface WipeOrder {
  rolloutId: string
}

/** A rollout has ended: when it can be neither gone on with nor taken back, secrets of tokens never activated go. */
export async function followTokens(
  writer: Writer,
  rollout: Pick<StoredRollout, 'id' | 'state'>,
  after: { state: string; saved: StoredRollout['saved'] },
  at: number,
): Promise<void> {
  if (rollout.state === after.state) return
  const runAt = overAt(after, at)
  if (runAt === undefined || (await listsOf(writer, rollout.id)).length === 0) return
  const lane = `${WIPE_TOKENS} ${rollout.id}`
  await writer.enqueueOnce({ kind: WIPE_TOKENS, lane, data: { rolloutId: rollout.id }, runAt })
}

/** Whoever moved on since, or names the same list and is not over, has its own end. */
export async function wipeTokens(world: World, task: Task): Promise<void> {
  const { rolloutId } = task.data as WipeOrder
  const now = world.clock.now()
  await world.store.tx(async (writer) => {
    const rollout = await writer.rollout(rolloutId)
    if (!rollout || !isOver(rollout, now)) return
    const open = (await writer.rollouts()).filter((one) => !isOver(one, now))
    const needed = new Set<string>()
    for (const { id } of open) for (const list of await listsOf(writer, id)) needed.add(list)
    for (const digest of await listsOf(writer, rolloutId)) {
      if (needed.has(digest)) continue
      const reason = 'the rollout is over for good'
      await wipeList(writer, digest, { at: now, rolloutId, actor: 'wavegate', reason })
    }
  })
}

/** Overwrites every secret of a list that is sealed still, and says how many in an event; none: says nothing. */
export async function wipeList(
  writer: Writer,
  digest: string,
  place: { at: number; rolloutId: string | null; actor: string; reason: string },
): Promise<number> {
  const tokens = await writer.wipeList(digest, place.at)
  if (tokens > 0) await writer.append({ ...place, type: 'tokens.wiped', data: { digest, tokens } })
  return tokens
}

function isOver(rollout: Pick<StoredRollout, 'state' | 'saved'>, now: number): boolean {
  const at = overAt(rollout, now)
  return at !== undefined && at <= now
}

/** When it is over for good; undefined: it goes on, or somebody has to see to it. */
function overAt({ state, saved }: { state: string; saved: StoredRollout['saved'] }, now: number) {
  if (state === 'rolledBack') return now
  if (!['completed', 'completedWithLeftovers', 'graduated', 'aborted'].includes(state)) return undefined
  const { endedAt, rollbackWindowMs } = rolloutContextOf(saved)
  return (endedAt ?? now) + rollbackWindowMs + 1
}

/** Lists of tokens that any text of its plan has named. */
async function listsOf(read: Reader, rolloutId: string): Promise<string[]> {
  const digests = (await read.revisions(rolloutId)).flatMap(({ files }) => Object.values(files))
  const lists: string[] = []
  for (const digest of new Set(digests)) if (await read.tokenFile(digest)) lists.push(digest)
  return lists
}
