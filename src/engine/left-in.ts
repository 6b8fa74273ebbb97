import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Member } from '../store/members.ts'
import { wavesOfAdministrators } from './job.ts'
import { readRoles } from './role-holders.ts'
import type { Restoring } from './settle-restored.ts'
import type { World } from './world.ts'

export const LEFT_IN_REASON = 'holds a directory role: a second person has to confirm'

export interface LeftIn {
  ids: ReadonlySet<string>
  /** False: the report could not be read, and these came in as administrators. */
  isKnown: boolean
}

/**
 * Whom of these a rollback leaves in until a second person confirms. While the report cannot be read it is whoever came
 * in as an administrator: the others were known to hold no role when they were put in, and a restore waits for no report.
 */
export async function waitingForSecondPerson(
  world: World,
  people: readonly Member[],
  ask: Ask,
): Promise<LeftIn> {
  const open = openOf(people)
  if (open.length === 0) return { ids: new Set(), isKnown: true }
  try {
    const { holders } = await readRoles(world, open, ask)
    return { ids: new Set(open.filter((id) => holders.has(id))), isKnown: true }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    world.log.warn({ err: error }, 'who holds a directory role could not be read; the rollback goes on')
    return await inAsAdministrators(world, people)
  }
}

/**
 * The same for an answer to somebody who asks: a rollback is not kept waiting for a report that does not come. Who stays
 * in is looked up again before anybody is restored, and the reading that was begun serves for that.
 */
export async function soonWaitingForSecondPerson(world: World, people: readonly Member[]): Promise<LeftIn> {
  const { clock, times, log } = world
  const reading = waitingForSecondPerson(world, people, { lane: 'restore' })
  return await new Promise((resolve, reject) => {
    const cancel = clock.inPassing(clock.now() + times.rolesPatienceMs, () => {
      log.warn({}, 'who holds a directory role is not known yet; the rollback is answered without')
      inAsAdministrators(world, people).then(resolve, reject)
    })
    reading.then(resolve, reject).finally(cancel)
  })
}

function openOf(people: readonly Member[]): string[] {
  return people.filter((member) => member.confirmedBy === null).map((member) => member.personId)
}

async function inAsAdministrators(world: World, people: readonly Member[]): Promise<LeftIn> {
  const open = new Set(openOf(people))
  const waves = await wavesInAsAdministrators(world, people)
  const theirs = people.filter((one) => waves.has(one.waveId) && open.has(one.personId))
  return { ids: new Set(theirs.map((one) => one.personId)), isKnown: false }
}

async function wavesInAsAdministrators(
  world: World,
  people: readonly Member[],
): Promise<ReadonlySet<string>> {
  const rollout = people[0] && (await world.store.read.rollout(people[0].rolloutId))
  if (!rollout) return new Set()
  return wavesOfAdministrators(rollout, await world.store.read.wavesOf(rollout.id))
}

/** People with a directory role stay in, by name, until a second person has confirmed; nobody else waits for that. */
export async function leaveRolesIn(
  restoring: Pick<Restoring, 'world' | 'rolloutId' | 'by' | 'signal'>,
  people: readonly Member[],
): Promise<ReadonlySet<string>> {
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
