import type { StoredEvent } from '../store/events.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import type { Reader } from '../store/store.ts'

const NOT_DONE: readonly string[] = ['rollingBack', 'rollbackFailed']

/** Why the rollback of a wave, or the rollout's own last step, does not go on; undefined: nothing failed since it began. */
export async function rollbackTrouble(
  read: Reader,
  rollout: Pick<StoredRollout, 'id'>,
  subject: StoredRollout | StoredWave,
): Promise<StoredEvent | undefined> {
  if (!NOT_DONE.includes(subject.state)) return undefined
  const { machine } = subject.saved
  const types = ['work.failed', `${machine}.rollingBack`]
  const newest = await read.newestEvent(rollout.id, types, machine === 'wave' ? subject.id : null)
  return newest?.type === 'work.failed' ? newest : undefined
}

/** A rollback that failed, or whose last try failed with nobody restored since. */
export async function isRollbackInTrouble(
  read: Reader,
  rollout: StoredRollout,
  waves: readonly StoredWave[],
): Promise<boolean> {
  const subjects = [rollout, ...waves]
  if (subjects.some((subject) => subject.state === 'rollbackFailed')) return true
  for (const subject of subjects) {
    const trouble = await rollbackTrouble(read, rollout, subject)
    if (!trouble) continue
    const restored = await read.newestEvent(rollout.id, ['members.restored'])
    if (!restored || restored.seq < trouble.seq) return true
  }
  return false
}
