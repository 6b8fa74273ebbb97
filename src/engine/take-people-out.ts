import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure, isFailure } from '../graph/errors.ts'
import { GROUP_MEMBERSHIP, type GroupMembership } from '../methods/group-membership.ts'
import type { Answer, Attempt, BeforeImage, Call } from '../store/ledger.ts'
import type { Member, Restore } from '../store/members.ts'
import { LEFT_IN_REASON, waitingForSecondPerson } from './left-in.ts'
import { isOurs, nextNumber } from './ownership.ts'
import { pollUntil } from './poll.ts'
import type { World } from './world.ts'

/** People of one rollout who are to be put back to what the ledger recorded before our first change. */
export interface Restoring {
  world: World
  rolloutId: string
  groupId: string
  method: GroupMembership
  /** Who asked for it. */
  by: string
  signal: AbortSignal
}

/** Restores are intended and sent this many at a time, so that a crash repeats little. */
const GROUP = 20

/** People between two readings of the group. */
const CHUNK = 200

/**
 * Undo is the recorded before-image, not "off": whoever was in the group before us stays, whoever we put there leaves,
 * and nobody counts as restored before the directory shows it.
 */
export async function takePeopleOut(restoring: Restoring, people: readonly Member[]): Promise<void> {
  const open = people.filter((member) => member.restore === null || !isSettled(member.restore))
  const ids = open.map((member) => member.personId)
  const { read } = restoring.world.store
  const images = await read.openImages(GROUP_MEMBERSHIP.effect, restoring.groupId, ids)
  const attempts = await read.attempts(GROUP_MEMBERSHIP.effect, restoring.groupId, ids)
  const ours = open.filter((member) =>
    isOurs(images.get(member.personId), attempts.get(member.personId) ?? []),
  )
  const others = open.filter((member) => !ours.includes(member)).map((member) => member.personId)
  await settle(
    restoring,
    others.filter((id) => images.has(id)),
    images,
    'notOurs',
    'as before us',
  )
  await settle(
    restoring,
    others.filter((id) => !images.has(id)),
    images,
    'untouched',
    'never changed',
  )
  const out = await settleTakenOut(restoring, ours, images, attempts)
  const stay = await leaveRolesIn(
    restoring,
    ours.filter((member) => !out.has(member.personId)),
  )
  await takeOutInChunks(
    restoring,
    ours.filter((member) => !out.has(member.personId) && !stay.has(member.personId)),
    images,
  )
}

/** People with a directory role stay in, by name, until a second person has confirmed; nobody else waits for that. */
async function leaveRolesIn(restoring: Restoring, people: readonly Member[]): Promise<ReadonlySet<string>> {
  const { world, rolloutId, by, signal } = restoring
  const { ids, isKnown } = await waitingForSecondPerson(world, people, { lane: 'restore', signal })
  const place = { at: world.clock.now(), rolloutId, actor: 'wavegate' }
  const newly = people.filter((member) => ids.has(member.personId) && member.restore !== 'leftIn')
  if (newly.length > 0 || !isKnown) {
    const named = newly.map((member) => member.personId)
    await world.store.tx(async (writer) => {
      const values = { restore: 'leftIn', restore_reason: LEFT_IN_REASON, left_in_by: by, deferred: null }
      await writer.setMembers(rolloutId, named, values)
      const event = isKnown
        ? { type: 'members.leftIn', reason: LEFT_IN_REASON, data: { people: named } }
        : { type: 'rollback.rolesUnknown', reason: 'who holds a directory role could not be read' }
      await writer.append({ ...place, ...event })
    })
  }
  return ids
}

/** From one reading: whom an earlier try took out, its answer says so, and who was not seen outside then. */
async function settleTakenOut(
  restoring: Restoring,
  people: readonly Member[],
  images: ReadonlyMap<string, BeforeImage>,
  attempts: ReadonlyMap<string, Attempt[]>,
): Promise<ReadonlySet<string>> {
  const tried = people.filter(({ personId }) => wasTakenOut(attempts.get(personId)?.at(-1)))
  return await settleAbsent(
    restoring,
    tried.map((member) => member.personId),
    images,
  )
}

/** Nothing else will do: a person who was only just added may not be seen in the group yet. */
function wasTakenOut(last: Attempt | undefined): boolean {
  return last?.direction === 'restore' && (last.answer === 'accepted' || last.answer === 'alreadySo')
}

/** Whoever is out already is on record before the next chunk; one who lingers is waited for at the end alone. */
async function takeOutInChunks(
  restoring: Restoring,
  people: readonly Member[],
  images: ReadonlyMap<string, BeforeImage>,
): Promise<void> {
  const sent = new Set<string>()
  try {
    for (let start = 0; start < people.length; start += GROUP) {
      restoring.signal.throwIfAborted()
      if (start > 0 && start % CHUNK === 0) await settleSent(restoring, sent, images)
      await takeOut(restoring, people.slice(start, start + GROUP), images, sent)
    }
  } catch (error) {
    if (!restoring.signal.aborted) await settleSent(restoring, sent, images)
    throw error
  }
  await readBack(restoring, [...sent], images)
}

async function settleSent(
  restoring: Restoring,
  sent: Set<string>,
  images: ReadonlyMap<string, BeforeImage>,
): Promise<void> {
  for (const id of await settleAbsent(restoring, [...sent], images)) sent.delete(id)
}

/** A reading that cannot be made settles nobody; what comes after reads again. */
async function settleAbsent(
  restoring: Restoring,
  ids: readonly string[],
  images: ReadonlyMap<string, BeforeImage>,
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const { groupId, method, signal } = restoring
  try {
    const members = await method.read(groupId, { lane: 'restore', signal })
    const absent = ids.filter((id) => !members.has(id))
    await settle(restoring, absent, images, 'restored', 'read back')
    return new Set(absent)
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return new Set()
  }
}

function isSettled(restore: Restore): boolean {
  return ['restored', 'notOurs', 'untouched', 'gone', 'resolved'].includes(restore)
}

/** Notes in `sent` whose absence is to be read back. One failure ends the job, but not the calls in flight beside it. */
async function takeOut(
  restoring: Restoring,
  people: readonly Member[],
  images: ReadonlyMap<string, BeforeImage>,
  sent: Set<string>,
): Promise<void> {
  const attempts = await intend(restoring, people)
  const answers = await Promise.allSettled(
    people.map(async (member, index) => {
      const outcome = await takeOneOut(restoring, member, attempts[index] as number, images)
      if (outcome === 'sent') sent.add(member.personId)
    }),
  )
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (failed) throw failed.reason
}

async function takeOneOut(
  restoring: Restoring,
  member: Member,
  attempt: number,
  images: ReadonlyMap<string, BeforeImage>,
): Promise<'sent' | 'settled'> {
  const { world, groupId, method, signal } = restoring
  const ask: Ask = { lane: 'restore', signal }
  const record = (answer: Answer, call: Call) =>
    world.store.tx((writer) => writer.answer([attempt], world.clock.now(), answer, call))
  try {
    await record('accepted', await method.restore(groupId, member.personId, ask))
    return 'sent'
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    switch (error.kind) {
      case 'unknownEffect':
        await record('unknown', error)
        return 'sent'
      case 'notMember':
      case 'notFound':
        await record('alreadySo', error)
        if (!(await isGone(restoring, member))) return 'sent'
        await settle(restoring, [member.personId], images, 'gone', 'not in the directory any more')
        return 'settled'
      case 'badRequest':
      case 'conflict':
        await record('refused', error)
        await settle(restoring, [member.personId], images, 'failed', error.message)
        return 'settled'
      default:
        await record('refused', error)
        throw error
    }
  }
}

async function isGone(restoring: Restoring, member: Member): Promise<boolean> {
  try {
    await restoring.world.directory.readUser(member.personId, { lane: 'restore', signal: restoring.signal })
    return false
  } catch (error) {
    if (isFailure(error, 'notFound')) return true
    throw error
  }
}

async function intend(restoring: Restoring, people: readonly Member[]): Promise<number[]> {
  const { world, rolloutId, groupId } = restoring
  const ids = people.map((member) => member.personId)
  const before = await world.store.read.attempts(GROUP_MEMBERSHIP.effect, groupId, ids)
  const place = {
    effect: GROUP_MEMBERSHIP.effect,
    target: groupId,
    rolloutId,
    waveId: people[0]?.waveId ?? '',
    at: world.clock.now(),
  }
  return await world.store.tx((writer) =>
    writer.intend(
      place,
      'restore',
      ids.map((personId) => ({ personId, number: nextNumber(before.get(personId)) })),
    ),
  )
}

async function readBack(
  restoring: Restoring,
  waiting: readonly string[],
  images: ReadonlyMap<string, BeforeImage>,
): Promise<void> {
  const { world, groupId, method, signal } = restoring
  if (waiting.length === 0) return
  let present = new Set(waiting)
  await pollUntil(world, signal, async () => {
    const members = await method.read(groupId, { lane: 'restore', signal })
    present = new Set(waiting.filter((id) => members.has(id)))
    return present.size === 0 ? true : undefined
  })
  await settle(
    restoring,
    waiting.filter((id) => !present.has(id)),
    images,
    'restored',
    'read back',
  )
  await settle(restoring, [...present], images, 'unknown', 'still in the group at the read-back deadline')
}

/** The outcome, and the end of the before-image once it has been reached. */
async function settle(
  restoring: Restoring,
  ids: readonly string[],
  images: ReadonlyMap<string, BeforeImage>,
  restore: Restore,
  reason: string,
): Promise<void> {
  if (ids.length === 0) return
  const { world, rolloutId } = restoring
  const at = world.clock.now()
  const closed = isSettled(restore) ? ids.flatMap((id) => images.get(id)?.id ?? []) : []
  await world.store.tx(async (writer) => {
    await writer.setMembers(rolloutId, ids, {
      restore,
      restore_reason: reason,
      restored_at: isSettled(restore) ? at : null,
    })
    await writer.closeImages(closed, at)
    await writer.append({
      at,
      rolloutId,
      type: `members.${restore}`,
      actor: 'wavegate',
      reason,
      data: { people: ids },
    })
  })
}
