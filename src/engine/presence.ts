import type { Ask } from '../graph/directory/ask.ts'
import type { UserState } from '../graph/directory/users.ts'
import { isFailure } from '../graph/errors.ts'
import type { Member } from '../store/members.ts'
import type { Writer } from '../store/store.ts'
import type { WaveJob } from './job.ts'
import type { World } from './world.ts'

/** Who of some members is still in the directory, and how they are called there now. */
export interface Presence {
  /** Object ids. Deleted, as the directory says when asked for each of them. */
  gone: Set<string>
  disabled: Set<string>
  /** Were `gone`, and are in the directory and enabled again: restored from the bin. */
  back: Set<string>
  renamed: { personId: string; upn: string; displayName: string; before: string }[]
}

const PAGE = 999
const VALUES_IN_FILTER = 15

/**
 * Looks members up by object id, so that a new account with an old sign-in name is nobody of them. `tenantSize` chooses
 * the cheaper way: by id, fifteen a call, or everybody, page by page.
 */
export async function readPresence(
  world: World,
  members: readonly Member[],
  ask: Ask,
  tenantSize = Number.POSITIVE_INFINITY,
): Promise<Presence> {
  const presence: Presence = { gone: new Set(), disabled: new Set(), back: new Set(), renamed: [] }
  const ids = members.map((member) => member.personId)
  const isListCheaper = Math.ceil(tenantSize / PAGE) < Math.ceil(ids.length / VALUES_IN_FILTER)
  const users: UserState[] = isListCheaper
    ? await world.directory.listUsers(ask)
    : await world.directory.readUserStates(ids, ask)
  const byId = new Map(users.map((user) => [user.id, user]))
  for (const member of members) {
    const user = byId.get(member.personId) ?? (await readOne(world, member.personId, ask))
    if (user === undefined) presence.gone.add(member.personId)
    else note(presence, member, user)
  }
  return presence
}

/** A list may miss somebody who was just changed; only the answer for this very person says that they are gone. */
async function readOne(world: World, id: string, ask: Ask): Promise<UserState | undefined> {
  try {
    return await world.directory.readUser(id, ask)
  } catch (error) {
    if (isFailure(error, 'notFound')) return undefined
    throw error
  }
}

function note(presence: Presence, member: Member, user: UserState): void {
  const { personId } = member
  const upn = user.userPrincipalName
  const displayName = user.displayName ?? upn
  if (user.accountEnabled !== true) presence.disabled.add(personId)
  else if (member.outcome === 'gone') presence.back.add(personId)
  if (upn !== member.upn || displayName !== member.displayName) {
    presence.renamed.push({ personId, upn, displayName, before: member.upn })
  }
}

/** Records leavers, who count no more, and names as they are now. Who is disabled waits for later by name. */
export async function writePresence(
  writer: Writer,
  job: Pick<WaveJob, 'rollout' | 'wave'>,
  at: number,
  members: readonly Member[],
  presence: Presence,
): Promise<void> {
  const { rollout, wave } = job
  const place = { at, rolloutId: rollout.id, waveId: wave.id, actor: 'wavegate' }
  // As they are now: somebody may have been taken back or deferred while the directory was read.
  const rows = await writer.membersAmong(
    rollout.id,
    members.map((member) => member.personId),
  )
  const newly = (ids: ReadonlySet<string>, isSo: (member: Member) => boolean) =>
    rows.filter((member) => ids.has(member.personId) && !isSo(member)).map((member) => member.personId)
  const gone = newly(presence.gone, (member) => member.outcome === 'gone')
  if (gone.length > 0) {
    const reason = 'not in the directory any more'
    await writer.setMembers(rollout.id, gone, { outcome: 'gone', outcome_reason: reason, deferred: null })
    await writer.append({ ...place, type: 'members.gone', reason, data: { people: gone } })
  }
  // Whoever waits for later already, for whatever reason, goes on waiting for that.
  const disabled = newly(presence.disabled, ({ deferred }) => deferred !== null && deferred !== 'notReady')
  if (disabled.length > 0) {
    await writer.setMembers(rollout.id, disabled, {
      outcome: 'pending',
      outcome_reason: null,
      deferred: 'disabledAccount',
    })
    const reason = 'the account is disabled'
    await writer.append({ ...place, type: 'members.deferred', reason, data: { people: disabled } })
  }
  for (const { personId, upn, displayName, before } of presence.renamed) {
    if (!members.some((member) => member.personId === personId)) continue
    await writer.setMembers(rollout.id, [personId], { upn, display_name: displayName })
    const data = { before, upn, displayName }
    await writer.append({ ...place, personId, type: 'member.renamed', data })
  }
}
