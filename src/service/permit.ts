import { type Details, fault } from '../errors.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import type { Reader } from '../store/store.ts'
import type { Caller, VerbCall } from './contract.ts'
import { etagOf } from './look.ts'
import { ROLE_NAMES, type Role, VERBS } from './verbs.ts'

/** @throws roleTooWeak */
export function requireRole(caller: Caller, roles: readonly Role[], what: string): void {
  if (caller.roles.some((role) => roles.includes(role))) return
  throw fault('roleTooWeak', {
    person: caller.person,
    role: caller.roles.map((role) => ROLE_NAMES[role]).join(', ') || 'nobody',
    verb: what,
    roles: roles.map((role) => ROLE_NAMES[role]).join(' or '),
  })
}

/** Role, reason and, for verbs that ask for it, the ETag the caller has seen. */
export function checkCall(
  caller: Caller,
  call: VerbCall,
  rollout: StoredRollout,
  waves: readonly StoredWave[],
): void {
  const rule = VERBS[call.verb]
  requireRole(caller, rule.roles, call.verb)
  if (call.reason.trim() === '') throw fault('reasonMissing', { verb: call.verb })
  if (call.dryRun) return
  const etag = etagOf(rollout, waves)
  if (call.ifMatch === undefined) {
    if (rule.ifMatch) throw fault('ifMatchMissing', { verb: call.verb, id: rollout.id, etag })
    return
  }
  if (call.ifMatch !== etag && call.ifMatch !== '*')
    throw fault('ifMatchStale', { state: sayState(rollout, waves), etag })
}

export function sayState(rollout: StoredRollout, waves: readonly StoredWave[]): string {
  const live = waves.filter((wave) => !['pending', 'completed'].includes(wave.state))
  return [rollout.state, ...live.map((wave) => `${wave.name} ${wave.state}`)].join(', ')
}

/** Who made the first draft of a plan that was run again. */
async function authorOf(read: Reader, rollout: StoredRollout): Promise<string> {
  let first = rollout
  while (first.runAfter !== null) {
    const before = await read.rollout(first.runAfter)
    if (!before) break
    first = before
  }
  return first.createdBy
}

/** Four eyes: nobody approves what they wrote, started or resumed. */
export async function checkApprover(read: Reader, caller: Caller, rollout: StoredRollout): Promise<void> {
  const own: [string | null, string][] = [
    [await authorOf(read, rollout), 'wrote the plan'],
    [rollout.createdBy, 'created the rollout'],
    [rollout.startedBy, 'started it'],
  ]
  for (const person of await read.actorsOf(rollout.id, 'verb.resume')) own.push([person, 'resumed it'])
  const found = own.find(([person]) => person?.toLowerCase() === caller.person.toLowerCase())
  if (found) throw fault('ownRequest', { person: caller.person, because: found[1] } satisfies Details)
}
