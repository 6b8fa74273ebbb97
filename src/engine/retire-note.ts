import type { PerUserMfa } from '../store/members.ts'
import type { CrossingOrder } from './crossing.ts'
import type { World } from './world.ts'

/** What became of somebody's per-user MFA, and why. */
export interface Mark {
  mark: PerUserMfa
  reason: string | null
}

const EVENTS: Record<PerUserMfa, string> = {
  retired: 'members.retired',
  keeps: 'members.keepPerUserMfa',
  none: 'members.noPerUserMfa',
  unknown: 'members.retirementUnknown',
  failed: 'members.retirementFailed',
}

/** On each person and as one event; `states`: how they were read, for whoever keeps theirs. */
export async function note(
  { world, order }: { world: World; order: CrossingOrder },
  ids: readonly string[],
  { mark, reason }: Mark,
  states: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  if (ids.length === 0) return
  const at = world.clock.now()
  const { rolloutId, waveId } = order
  await world.store.tx(async (writer) => {
    await writer.setMembers(rolloutId, ids, { per_user_mfa: mark, per_user_reason: reason, per_user_at: at })
    await writer.notePerUserState(rolloutId, states)
    const said = { at, rolloutId, waveId, actor: 'wavegate', reason: reason ?? '' }
    await writer.append({ ...said, type: EVENTS[mark], data: { people: ids } })
  })
}
