import type { Ask } from '../graph/directory/ask.ts'
import type { Directory } from '../graph/directory/directory.ts'
import type { GraphFailure } from '../graph/errors.ts'
import type { Back, Change, Image } from './change.ts'

const STATES = ['disabled', 'enabled', 'enforced'] as const
type State = (typeof STATES)[number]

/** Names the change of somebody’s own state in the ledger. */
export const PER_USER_MFA = { effect: 'perUserMfa', target: 'tenant' } as const

/** Names the end of per-user MFA in the ledger. */
export const PER_USER_MFA_RETIRED = { effect: 'perUserMfaRetired', target: 'tenant' } as const

const common = { target: 'tenant', perCall: 20, together: 20, isAllOrNothing: false } as const

/**
 * People enter MFA by their own per-user state. `enabled` first, as Microsoft asks; whoever has a method is turned
 * into `enforced` by Microsoft, and who was not is enforced by us.
 */
export function perUserMfa(directory: Directory): Change {
  return {
    ...common,
    ...PER_USER_MFA,
    says: 'under per-user MFA',
    stages: ['enabled', 'enforced'],
    read: (ids, ask) => readStates(directory, ids, ask),
    reached: (image, stage) => rank(image) >= rank({ state: stage }),
    apply: (ids, stage, ask) => setStates(directory, new Map(ids.map((id) => [id, { state: stage }])), ask),
    restore: (people, ask) => setStates(directory, people, ask),
    back,
    // Lower than recorded is nobody's doing of ours.
    isForeign: (now, before) => rank(now) < rank(before),
  }
}

/** The end of per-user MFA for people whom the policy is proven to ask: the old state goes off, and comes back first. */
export function perUserMfaRetirement(directory: Directory): Change {
  return {
    ...common,
    ...PER_USER_MFA_RETIRED,
    says: 'without per-user MFA',
    stages: ['disabled'],
    read: (ids, ask) => readStates(directory, ids, ask),
    reached: (image) => image['state'] === 'disabled',
    apply: (ids, stage, ask) => setStates(directory, new Map(ids.map((id) => [id, { state: stage }])), ask),
    restore: (people, ask) => setStates(directory, people, ask),
    back,
    isForeign: (now, before) => now['state'] !== 'disabled' && rank(now) < rank(before),
  }
}

/** Microsoft turns `enabled` into `enforced` where there is a method; that is more than recorded, never less. */
function back(now: Image, before: Image): Back | undefined {
  if (now['state'] === before['state']) return 'restored'
  return before['state'] !== 'disabled' && rank(now) > rank(before) ? 'stronger' : undefined
}

/** Whether less is asked of the person now than then. */
export function isWeaker(now: Image, then: Image): boolean {
  return rank(now) < rank(then)
}

function rank(image: Image): number {
  return STATES.indexOf(image['state'] as State)
}

async function readStates(
  directory: Directory,
  ids: readonly string[],
  ask: Ask,
): Promise<Map<string, Image | GraphFailure>> {
  const read = await directory.readPerUserMfa(ids, ask)
  return new Map([...read].map(([id, one]) => [id, 'failure' in one ? one.failure : { state: one.state }]))
}

function setStates(directory: Directory, people: ReadonlyMap<string, Image>, ask: Ask) {
  const changes = [...people].map(([id, image]) => ({ id, state: image['state'] as State }))
  return directory.setPerUserMfa(changes, ask)
}
