import type { Hand } from '../journal.ts'
import { latest, settled, write } from '../lagged.ts'
import { guid } from '../random.ts'
import type { ChangeContext } from './change-context.ts'
import type { LocationBody } from './locations.ts'

export function createLocation(context: ChangeContext, body: LocationBody, hand: Hand, now: number): string {
  const change = context.next()
  const id = guid(context.seed, `location/${change}`)
  const created = { ...body, id, createdDateTime: new Date(now).toISOString() }
  const line = settled<LocationBody | null>(null)
  write(line, created, { now, readAt: now, biteAt: now + context.delays.untilBite(change) })
  context.directory.locations.set(id, { id, body: line })
  context.journal.add(now, hand, `identity/conditionalAccess/namedLocations/${id}`, null, created)
  return id
}

/** Changes what the body names, or deletes the location. */
export function setLocation(
  context: ChangeContext,
  id: string,
  body: LocationBody | null,
  hand: Hand,
  now: number,
): void {
  const location = context.directory.locations.get(id)
  const before = location && latest(location.body)
  if (!location || !before) return
  const merged = body && ({ ...before, ...body, id } as LocationBody)
  if (JSON.stringify(merged) === JSON.stringify(before)) return
  const change = context.next()
  const after = merged && { ...merged, modifiedDateTime: new Date(now).toISOString() }
  write(location.body, after, { now, readAt: now, biteAt: now + context.delays.untilBite(change) })
  context.journal.add(now, hand, `identity/conditionalAccess/namedLocations/${id}`, before, after)
}

export function setSecurityDefaults(
  context: ChangeContext,
  isEnabled: boolean,
  hand: Hand,
  now: number,
): void {
  const { securityDefaults } = context.directory
  const before = latest(securityDefaults)
  if (before === isEnabled) return
  const biteAt = now + context.delays.untilBite(context.next())
  write(securityDefaults, isEnabled, { now, readAt: now, biteAt })
  const target = 'policies/identitySecurityDefaultsEnforcementPolicy'
  context.journal.add(now, hand, target, { isEnabled: before }, { isEnabled })
}
