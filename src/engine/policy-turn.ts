import type { World } from './world.ts'

const turns = new WeakMap<World['store'], Map<string, Promise<unknown>>>()

/** Widening and narrowing one policy go one after another, so that no call that was overtaken is carried out last. */
export async function inPolicyTurn<T>(world: World, rolloutId: string, work: () => Promise<T>): Promise<T> {
  const lines = turns.get(world.store) ?? new Map<string, Promise<unknown>>()
  turns.set(world.store, lines)
  const mine = (lines.get(rolloutId) ?? Promise.resolve()).then(work)
  lines.set(
    rolloutId,
    mine.catch(() => {}),
  )
  return await mine
}
