import type { World } from './world.ts'

const HOUR = 3_600_000

/** A rehearsal with short days has short margins too. */
export function scaleOf(world: Pick<World, 'declared'>): number {
  return world.declared.settlingMs / (2 * HOUR)
}
