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
  checkIfMatch(call.verb, rule.ifMatch, call, rollout, waves)
}

/** The rollout is still as the caller has seen it. @throws ifMatchMissing, ifMatchStale */
export function checkIfMatch(
  verb: string,
  isAsked: boolean,
  call: Pick<VerbCall, 'dryRun' | 'ifMatch'>,
  rollout: StoredRollout,
  waves: readonly StoredWave[],
): void {
  if (call.dryRun) return
  const etag = etagOf(rollout, waves)
  if (call.ifMatch === undefined) {
    if (isAsked) throw fault('ifMatchMissing', { verb, id: rollout.id, etag })
    return
  }
  if (call.ifMatch !== etag && call.ifMatch !== '*')
    throw fault('ifMatchStale', { state: sayState(rollout, waves), etag })
}

export function sayState(rollout: StoredRollout, waves: readonly StoredWave[]): string {
  const live = waves.filter((wave) => !['pending', 'completed'].includes(wave.state))
  return [rollout.state, ...live.map((wave) => `${wave.name} ${wave.state}`)].join(', ')
}

/** A run and those it was made of, the first one last. */
async function runsOf(read: Reader, rollout: StoredRollout): Promise<StoredRollout[]> {
  const runs = [rollout]
  for (let after = rollout.runAfter; after !== null; after = runs.at(-1)?.runAfter ?? null) {
    const before = await read.rollout(after)
    if (!before) break
    runs.push(before)
  }
  return runs
}

/** Who made the first draft of a plan that was run again. */
async function authorOf(read: Reader, rollout: StoredRollout): Promise<string> {
  return (await runsOf(read, rollout)).at(-1)?.createdBy ?? rollout.createdBy
}

/** Whoever changed the plan, in this run or in one it was made of. */
async function revisersOf(read: Reader, rollout: StoredRollout): Promise<string[]> {
  const runs = await runsOf(read, rollout)
  return (await Promise.all(runs.map((run) => read.actorsOf(run.id, 'plan.revised')))).flat()
}

/** Four eyes: nobody approves what they wrote, started or resumed. */
export async function checkApprover(read: Reader, caller: Caller, rollout: StoredRollout): Promise<void> {
  const own: [string | null, string][] = [
    [await authorOf(read, rollout), 'wrote the plan'],
    [rollout.createdBy, 'created the rollout'],
    [rollout.startedBy, 'started it'],
  ]
  for (const person of await read.actorsOf(rollout.id, 'verb.resume')) own.push([person, 'resumed it'])
  for (const person of await revisersOf(read, rollout)) own.push([person, 'revised the plan'])
  const found = own.find(([person]) => person?.toLowerCase() === caller.person.toLowerCase())
  if (found) throw fault('ownRequest', { person: caller.person, because: found[1] } satisfies Details)
}
