import { classifySignIn, type SignIn } from '../gates/sign-in.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import type { World } from './world.ts'

/** Rows that came in this long ago were looked at before; a crash in between loses none. */
const LOOK_BACK = 24 * 60 * 60_000

/** Proofs of people in a completed wave who have not gone over yet: what the last readings of the log brought. */
export async function noteLateProofs(
  world: World,
  rollout: StoredRollout,
  wave: Pick<StoredWave, 'id'>,
): Promise<void> {
  const { policyId } = rollout
  const open = new Map((await world.store.read.openCrossings(wave.id)).map((one) => [one.personId, one]))
  if (policyId === null || open.size === 0) return
  const newest = new Map<string, number>()
  const rows = await world.store.read.signInsFetched(wave.id, world.clock.now() - LOOK_BACK)
  for (const { personId, row } of rows) {
    const signIn = row as SignIn
    const at = signIn.createdDateTime
    const member = open.get(personId)
    if (!member || at < (member.inPlaceAt ?? at) || at <= (member.lastProvenAt ?? -1)) continue
    if (classifySignIn(signIn, policyId) !== 'provenSuccess') continue
    newest.set(personId, Math.max(at, newest.get(personId) ?? at))
  }
  if (newest.size === 0) return
  await world.store.tx(async (writer) => {
    for (const [personId, at] of newest) {
      const first = open.get(personId)?.provenAt ?? at
      await writer.setMembers(rollout.id, [personId], { proven_at: first, last_proven_at: at })
    }
  })
}
