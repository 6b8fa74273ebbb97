import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Member } from '../store/members.ts'
import { readRoles } from './role-holders.ts'
import type { World } from './world.ts'

export const LEFT_IN_REASON = 'holds a directory role: a second person has to confirm'

/**
 * Whom of these a rollback leaves in until a second person confirms. While the report cannot be read nobody is: each of
 * them was known to hold no role when they were put in, and a restore waits for no report.
 */
export async function waitingForSecondPerson(
  world: World,
  people: readonly Member[],
  ask: Ask,
): Promise<{ ids: Set<string>; isKnown: boolean }> {
  const open = people.filter((member) => member.confirmedBy === null).map((member) => member.personId)
  if (open.length === 0) return { ids: new Set(), isKnown: true }
  try {
    const { holders } = await readRoles(world, open, ask)
    return { ids: new Set(open.filter((id) => holders.has(id))), isKnown: true }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    world.log.warn({ err: error }, 'who holds a directory role could not be read; the rollback goes on')
    return { ids: new Set(), isKnown: false }
  }
}
