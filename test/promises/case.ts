import type { Tables } from '../../src/store/tables.ts'
import type { Snapshot } from './snapshot.ts'

type Plain<V> = V extends { readonly __select__: infer S } ? S : V
export type Row<T extends keyof Tables> = { [K in keyof Tables[T]]: Plain<Tables[T][K]> }

/** One entry of the tenant's journal, as its plain twin tells it. */
export interface Entry {
  seq: number
  at: string
  requestId: string
  actor: string
  target: string
  before: unknown
  after: unknown
}

/** What wavegate's own database says it did. */
export interface Records {
  rollouts: Row<'rollout'>[]
  waves: Row<'wave'>[]
  members: Row<'member'>[]
  images: Row<'before_image'>[]
  attempts: Row<'attempt'>[]
  tenantImages: Row<'tenant_image'>[]
  events: Row<'event'>[]
  preparations: Row<'preparation'>[]
  notices: Row<'notice'>[]
  campaigns: Row<'campaign'>[]
}

/** Everything a judge hears: the tenant as it was and is, who changed what in between, and what wavegate says of it. */
export interface Case {
  before: Snapshot
  after: Snapshot
  journal: Entry[]
  records: Records
  /** Whom nothing may ever change, by object id, and why: found without asking wavegate. */
  untouchable: ReadonlyMap<string, string>
}

/** The tenant keeps our own id of a request; a process that ended before the answer recorded neither. */
export function isRequest(attempt: Row<'attempt'>, { requestId }: Entry): boolean {
  const ids = [attempt.client_request_id, attempt.request_id]
  return ids.includes(requestId) || ids.every((id) => id === null)
}

export const timeOf = (entry: Entry) => Date.parse(entry.at)
export const isByUs = (entry: Entry) => entry.actor === 'app'
export const dataOf = (event: Row<'event'>) => JSON.parse(event.data) as Record<string, unknown>

export function nameOf({ before, after }: Pick<Case, 'before' | 'after'>, id: string): string {
  return before.people.get(id)?.upn ?? after.people.get(id)?.upn ?? id
}

/** "at 2026-03-02T07:00:00.000Z (journal 12)" */
export function placeOf(entry: Entry): string {
  return `at ${entry.at} (journal ${entry.seq})`
}

/** People enter MFA by these. */
export function ourGroups(records: Records): Set<string> {
  const named = records.rollouts.flatMap((rollout) => rollout.group_id ?? [])
  const changed = records.images.filter(({ effect }) => effect === 'groupMember').map((image) => image.target)
  return new Set([...named, ...changed])
}

/** And by these they stay out of a policy that covers all users. */
export function exceptionsGroups({ images }: Pick<Records, 'images'>): Set<string> {
  return new Set(images.filter(({ effect }) => effect === 'exceptionMember').map((image) => image.target))
}

export function ourPolicies({ rollouts, tenantImages }: Records): Set<string> {
  const named = rollouts.flatMap((rollout) => rollout.policy_id ?? [])
  return new Set([...named, ...tenantImages.flatMap((image) => image.object_id ?? [])])
}

export type PersonChange = {
  entry: Entry
  personId: string
  /** The group; absent: per-user MFA. */
  groupId?: string
  /** Towards MFA, or away from it. */
  towards: boolean
}

/** A crossing changes the same state the other way round: to do it takes per-user MFA off, to undo it gives it back. */
export function directionOf(row: Row<'attempt'>, towards: boolean): boolean {
  const isCrossing = row.effect === 'perUserMfaRetired'
  return row.direction === (towards === isCrossing ? 'restore' : 'apply')
}

/** By an attempt that ends somebody's per-user MFA for the policy, or gives it back. */
export function isOfCrossing({ attempts }: Records, { entry, personId, towards }: PersonChange): boolean {
  return attempts.some(
    (row) =>
      row.person_id === personId &&
      row.effect === 'perUserMfaRetired' &&
      row.intended_at <= timeOf(entry) &&
      directionOf(row, towards) &&
      isRequest(row, entry),
  )
}

const MEMBER = /^groups\/([^/]+)\/members\/([^/]+)$/
const PER_USER = /^users\/([^/]+)\/authentication\/requirements$/
const STRENGTH = ['disabled', 'enabled', 'enforced']

/** Whom we put among the exceptions, or took out of them; `towards` is into the group, as the ledger counts. */
export function exceptionMoves({ journal, records }: Pick<Case, 'journal' | 'records'>): PersonChange[] {
  const groups = exceptionsGroups(records)
  return journal.filter(isByUs).flatMap((entry): PersonChange[] => {
    const [, groupId, personId] = MEMBER.exec(entry.target) ?? []
    if (groupId === undefined || personId === undefined || !groups.has(groupId)) return []
    return [{ entry, personId, groupId, towards: (entry.after as { member: boolean }).member }]
  })
}

/** What we changed about people's MFA: membership of a group of ours, and per-user MFA. */
export function personChanges({ journal, records }: Pick<Case, 'journal' | 'records'>): PersonChange[] {
  const groups = ourGroups(records)
  return journal.filter(isByUs).flatMap((entry): PersonChange[] => {
    const [, groupId, member] = MEMBER.exec(entry.target) ?? []
    if (groupId !== undefined && member !== undefined) {
      if (!groups.has(groupId)) return []
      return [{ entry, personId: member, groupId, towards: (entry.after as { member: boolean }).member }]
    }
    const [, user] = PER_USER.exec(entry.target) ?? []
    if (user === undefined) return []
    const strength = (value: unknown) =>
      STRENGTH.indexOf((value as { perUserMfaState: string }).perUserMfaState)
    return [{ entry, personId: user, towards: strength(entry.after) > strength(entry.before) }]
  })
}

export interface PreparedChange {
  entry: Entry
  personId: string
  /** Taken away again. */
  isUndo: boolean
}

/** What brings people under MFA or lets them out; everything else that was done to people is their preparation. */
const OF_MFA = ['groupMember', 'exceptionMember', 'perUserMfa', 'perUserMfaRetired', 'coveredByPolicy']
const METHOD = /^users\/([^/]+)\/authentication\/(?:phoneMethods|hardwareOathMethods)(?:\/|$)/

/** What we did to people before the switch: their phones and tokens, and groups that are no way into MFA. */
export function preparedChanges({ journal, records }: Pick<Case, 'journal' | 'records'>): PreparedChange[] {
  const groups = new Set(
    records.images.filter(({ effect }) => !OF_MFA.includes(effect)).map((image) => image.target),
  )
  return journal.filter(isByUs).flatMap((entry): PreparedChange[] => {
    const [, groupId, member] = MEMBER.exec(entry.target) ?? []
    if (groupId !== undefined && member !== undefined && groups.has(groupId))
      return [{ entry, personId: member, isUndo: !(entry.after as { member: boolean }).member }]
    const [, user] = METHOD.exec(entry.target) ?? []
    return user === undefined ? [] : [{ entry, personId: user, isUndo: entry.after === null }]
  })
}
