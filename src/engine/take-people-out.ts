import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure, isFailure } from '../graph/errors.ts'
import { GROUP_MEMBERSHIP, type GroupMembership } from '../methods/group-membership.ts'
import type { Answer, BeforeImage, Call } from '../store/ledger.ts'
import type { Member, Restore } from '../store/members.ts'
import { isOurs, nextNumber } from './ownership.ts'
import { pollUntil } from './poll.ts'
import type { World } from './world.ts'

/** People of one rollout who are to be put back to what the ledger recorded before our first change. */
export interface Restoring {
  world: World
  rolloutId: string
  groupId: string
  method: GroupMembership
  signal: AbortSignal
}

/** Restores are intended and sent this many at a time, so that a crash repeats little. */
const GROUP = 20

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
  const sent: string[] = []
  for (let start = 0; start < ours.length; start += GROUP) {
    restoring.signal.throwIfAborted()
    sent.push(...(await takeOut(restoring, ours.slice(start, start + GROUP), images)))
  }
  await readBack(restoring, sent, images)
}

function isSettled(restore: Restore): boolean {
  return ['restored', 'notOurs', 'untouched', 'gone', 'resolved'].includes(restore)
}

/** Answers with those whose absence is to be read back. One failure ends the job, but not the calls in flight beside it. */
async function takeOut(
  restoring: Restoring,
  people: readonly Member[],
  images: ReadonlyMap<string, BeforeImage>,
): Promise<string[]> {
  const attempts = await intend(restoring, people)
  const answers = await Promise.allSettled(
    people.map((member, index) => takeOneOut(restoring, member, attempts[index] as number, images)),
  )
  return answers.flatMap((answer, index) => {
    if (answer.status === 'rejected') throw answer.reason
    return answer.value === 'sent' ? [(people[index] as Member).personId] : []
  })
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
