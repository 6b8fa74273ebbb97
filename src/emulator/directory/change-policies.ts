import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import type { Hand } from '../journal.ts'
import { latest, settled, write } from '../lagged.ts'
import { guid } from '../random.ts'
import type { ChangeContext } from './change-context.ts'
import { normalPolicy } from './policy-body.ts'

export function createPolicy(
  context: ChangeContext,
  body: ConditionalAccessPolicy,
  hand: Hand,
  now: number,
): string {
  const change = context.next()
  const id = guid(context.seed, `policy/${change}`)
  const created = {
    ...normalPolicy(body),
    id,
    createdDateTime: new Date(now).toISOString(),
    modifiedDateTime: null,
  }
  const line = settled<ConditionalAccessPolicy | null>(null)
  write(line, created, { now, readAt: now, biteAt: now + context.delays.untilBite(change) })
  context.directory.policies.set(id, { id, body: line })
  context.journal.add(now, hand, `identity/conditionalAccess/policies/${id}`, null, created)
  return id
}

/** Replaces a policy, or deletes it; the same policy again is no change. */
export function setPolicy(
  context: ChangeContext,
  id: string,
  next: (before: ConditionalAccessPolicy) => ConditionalAccessPolicy | null,
  hand: Hand,
  now: number,
): void {
  const policy = context.directory.policies.get(id)
  const before = policy && latest(policy.body)
  if (!policy || !before) return
  const after = next(before)
  if (JSON.stringify(after) === JSON.stringify(before)) return
  const change = context.next()
  if (after) after.modifiedDateTime = new Date(now).toISOString()
  write(policy.body, after, { now, readAt: now, biteAt: now + context.delays.untilBite(change) })
  context.journal.add(now, hand, `identity/conditionalAccess/policies/${id}`, before, after)
}
