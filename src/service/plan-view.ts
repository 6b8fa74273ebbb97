import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { needRollout, revisionView } from './look.ts'
import type { PlanView } from './views.ts'

/** The plan of a rollout as it was sent: the one in force, or an earlier revision. @throws revisionNotFound */
export async function planView(world: World, id: string, number?: number): Promise<PlanView> {
  await needRollout(world.store.read, id)
  const revisions = await world.store.read.revisions(id)
  const found = number === undefined ? revisions.at(-1) : revisions.find((one) => one.number === number)
  if (!found) throw fault('revisionNotFound', { id, number, last: revisions.length })
  const { text, files } = found
  return { ...revisionView(found), text, files, revisions: revisions.map(revisionView) }
}
