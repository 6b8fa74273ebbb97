import { latest } from '../../src/emulator/lagged.ts'
import { GROUP, POLICY } from './plan-of-waves.ts'
import type { Rig } from './rig.ts'

/** The journal of the tenant is the judge: what was changed there, by whom, in order. */
export interface Change {
  seq: number
  at: number
  actor: string
  requestId: string
}

export interface Move extends Change {
  person: string
  joined: boolean
}

/** Everybody who joined or left the group that people enter MFA by. */
export function moves(rig: Rig): Move[] {
  const prefix = `groups/${rig.tenant.world.group(GROUP).id}/members/`
  return rig.tenant.world.journal.entries
    .filter((entry) => entry.target.startsWith(prefix))
    .map((entry) => ({
      ...changeOf(entry),
      person: entry.target.slice(prefix.length),
      joined: (entry.after as { member: boolean }).member,
    }))
}

/** Ids of those whom we put in. */
export function joined(rig: Rig): string[] {
  return moves(rig).flatMap((move) => (move.actor === 'app' && move.joined ? [move.person] : []))
}

/** Ids of those whom we took out. */
export function left(rig: Rig): string[] {
  return moves(rig).flatMap((move) => (move.actor === 'app' && !move.joined ? [move.person] : []))
}

/** The states of the policy, one after another, with who brought each about. */
export function policyStates(rig: Rig): (Change & { state: string })[] {
  const id = policy(rig)?.id
  return rig.tenant.world.journal.entries
    .filter((entry) => entry.target === `identity/conditionalAccess/policies/${id}`)
    .map((entry) => ({
      ...changeOf(entry),
      state: (entry.after as { state: string } | null)?.state ?? 'deleted',
    }))
}

export function policy(rig: Rig) {
  return rig.tenant.world.policies.find((one) => one.displayName === POLICY)
}

export function members(rig: Rig): string[] {
  return rig.tenant.world.members(GROUP).toSorted()
}

/** People whom our application changed in any way. */
export function touched(rig: Rig): Set<string> {
  const ids = new Set(rig.tenant.world.people.map((person) => person.id))
  const ours = rig.tenant.world.journal.entries.filter((entry) => entry.actor === 'app')
  return new Set(ours.flatMap((entry) => entry.target.split('/').filter((part) => ids.has(part))))
}

/** People who can use MFA already and whom nothing keeps out of a wave. */
export function readyPeople(rig: Rig, count: number, from: 'IT' | 'elsewhere' = 'elsewhere'): string[] {
  const found = rig.tenant.world.people.filter(
    (person) =>
      person.index !== 2 &&
      person.kind === 'member' &&
      (person.department === 'IT') === (from === 'IT') &&
      person.roles.length === 0 &&
      !person.unreported &&
      !person.phoneBroken &&
      latest(person.methods).length > 0,
  )
  if (found.length < count) throw new Error(`only ${found.length} people are ready`)
  return found.slice(0, count).map((person) => person.id)
}

function changeOf(entry: { seq: number; at: string; actor: string; requestId: string }): Change {
  return { seq: entry.seq, at: Date.parse(entry.at), actor: entry.actor, requestId: entry.requestId }
}
