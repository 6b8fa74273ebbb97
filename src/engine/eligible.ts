import type { Ask } from '../graph/directory/ask.ts'
import { type FailureKind, GraphFailure } from '../graph/errors.ts'
import { type Finding, finding } from '../methods/policy-finding.ts'
import { peopleBehind } from './people-behind.ts'
import type { World } from './world.ts'

/** Why it cannot be read at all, rather than not just now: no P2, no right, or a cloud that does not have it. */
const FOR_GOOD: readonly FailureKind[] = ['licence', 'forbidden', 'notFound', 'badRequest']

/**
 * Who may take on a directory role for some hours (PIM), themselves or by a group: as good as holding it. Nobody, where
 * that cannot be read: without P2 there are none, and without the right it is said once, before the start.
 * @throws GraphFailure while the directory does not answer
 */
export async function readEligible(world: World, ask: Ask): Promise<ReadonlySet<string>> {
  const known = await eligibleOrWhyNot(world, ask)
  return known instanceof GraphFailure ? new Set() : known
}

async function eligibleOrWhyNot(world: World, ask: Ask): Promise<ReadonlySet<string> | GraphFailure> {
  try {
    return await peopleBehind(world, await world.directory.listEligible(ask), ask)
  } catch (error) {
    if (error instanceof GraphFailure && FOR_GOOD.includes(error.kind)) return error
    throw error
  }
}

/** For whoever starts: that nobody knows who may take a role on. */
export async function eligibleNotes(world: World, ask: Ask): Promise<Finding[]> {
  const known = await eligibleOrWhyNot(world, ask)
  if (!(known instanceof GraphFailure)) return []
  const message = `Who may take on a directory role for some hours (PIM) cannot be read: ${known.message.replace(/\.$/, '')}.`
  const hint =
    known.kind === 'licence'
      ? 'Without Entra ID P2 there is nobody of the kind.'
      : 'Grant RoleEligibilitySchedule.Read.Directory, or they count as people without a role.'
  return [finding('eligibleUnknown', message, hint)]
}
