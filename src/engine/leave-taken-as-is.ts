import type { GraphFailure } from '../graph/errors.ts'
import type { Image } from '../methods/change.ts'
import { isWeaker, PER_USER_MFA, PER_USER_MFA_RETIRED } from '../methods/per-user-mfa.ts'
import type { TakenAsIs } from '../store/per-user-look.ts'
import { isImage, type Ledger } from './chunk.ts'
import { type Settling, settle } from './settle-restored.ts'

/** Ways to change a person whose outcome an approver may have taken as another hand made it. */
const OWN_STATE: readonly string[] = [PER_USER_MFA.effect, PER_USER_MFA_RETIRED.effect]

/**
 * Whose state is as an approver took it, or stronger, is left and said to be a conflict. Whoever is under less by now is
 * put back as anybody. Answers with whoever is settled.
 */
export async function leaveTakenAsIs(
  settling: Settling,
  { attempts }: Ledger,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { world, change, signal } = settling
  if (!OWN_STATE.includes(change.effect)) return new Set()
  const all = await world.store.read.takenAsIs(change.effect, change.target, ids)
  // Changed by us again since: it was taken back by that.
  const isOld = ({ personId, at }: TakenAsIs) =>
    (attempts.get(personId) ?? []).some((one) => one.direction === 'apply' && one.intendedAt > at)
  const taken = [...all.values()].filter((one) => !isOld(one))
  if (taken.length === 0) return new Set()
  const now = await change.read(
    taken.map((one) => one.personId),
    { lane: 'restore', signal },
  )
  const settled = new Set<string>()
  for (const one of taken) {
    const said = outcomeOf(one, now.get(one.personId))
    if (said === undefined) continue
    await settle(settling, [one.personId], said.restore, said.reason)
    settled.add(one.personId)
  }
  return settled
}

/** undefined: undone as for anybody. */
function outcomeOf(
  { image, by }: TakenAsIs,
  now: Image | GraphFailure | undefined,
): { restore: 'conflict' | 'unknown'; reason: string } | undefined {
  if (now === undefined || !isImage(now)) {
    if (now?.kind === 'notFound') return undefined
    return { restore: 'unknown', reason: `the state ${by} took as it is could not be read` }
  }
  if (isWeaker(now, image)) return undefined
  const reason = `changed by another hand, and taken as it is (${now['state']}) by ${by}; left as it is`
  return { restore: 'conflict', reason }
}
