import type { Ask } from '../graph/directory/ask.ts'
import { isFailure } from '../graph/errors.ts'
import type { Finding } from '../methods/policy-finding.ts'
import { type LocationFound, type LocationWanted, pickLocations } from '../methods/trusted-locations.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { refuse } from './job.ts'
import { pollUntil } from './poll.ts'
import type { World } from './world.ts'

export interface ReadLocations {
  found: LocationFound[]
  findings: Finding[]
}

/** The trusted places of the plan as the tenant has them; those not there yet are neither found nor a finding. */
export async function readLocations(world: World, plan: CompiledPlan, ask: Ask): Promise<ReadLocations> {
  const wanted = plan.enforce.trustedLocations
  if (wanted.length === 0) return { found: [], findings: [] }
  const found = pickLocations(await world.directory.listLocations(ask), wanted)
  return { found, findings: found.flatMap((one) => one.findings) }
}

function imageKind(name: string): string {
  return `namedLocation:${name}`
}

/**
 * Makes the places that the plan gives ranges for and the tenant does not have; each read back. `beforeEach` throws
 * where the wave is held. @throws Refused
 */
export async function makeLocations(
  world: World,
  rolloutId: string,
  plan: CompiledPlan,
  ask: Ask & { signal: AbortSignal },
  beforeEach: () => Promise<void> = async () => {},
): Promise<void> {
  const { found, findings } = await readLocations(world, plan, ask)
  refuse(findings)
  for (const { wanted, location } of found) {
    if (location) continue
    await beforeEach()
    await make(world, rolloutId, wanted, ask)
  }
}

async function make(
  world: World,
  rolloutId: string,
  wanted: LocationWanted,
  ask: Ask & { signal: AbortSignal },
): Promise<void> {
  const kind = imageKind(wanted.name)
  const standing = await world.store.read.tenantImage(kind, rolloutId)
  if (!standing) {
    const image = { kind, objectId: null, image: null, rolloutId, at: world.clock.now() }
    await world.store.tx((writer) => writer.recordTenantImage(image))
  }
  try {
    await world.directory.createLocation(wanted.name, wanted.ranges ?? [], ask)
  } catch (error) {
    // It may have been made all the same; the read-back finds it.
    if (!isFailure(error, 'unknownEffect')) throw error
  }
  const id = await pollUntil(world, ask.signal, async () => {
    const [one] = pickLocations(await world.directory.listLocations(ask), [wanted])
    refuse(one?.findings ?? [])
    return one?.location?.id
  })
  if (id === undefined)
    throw new Error(`the named location ${wanted.name} was made and not read back in time`)
  await world.store.tx(async (writer) => {
    const image = await writer.tenantImage(kind, rolloutId)
    if (image) await writer.nameTenantObject(image.id, id)
    const data = { id, name: wanted.name, ranges: wanted.ranges }
    await writer.append({ at: world.clock.now(), rolloutId, type: 'location.made', actor: 'wavegate', data })
  })
}

/**
 * With the rollout taken back: what we made goes, read back, unless a policy names it still; our own policy, left in
 * report-only, does. Then it stays on record as ours, and a later rollback looks again.
 */
export async function removeLocations(
  world: World,
  rollout: StoredRollout,
  plan: CompiledPlan,
  ask: Ask & { signal: AbortSignal },
): Promise<void> {
  if (plan.enforce.trustedLocations.every(({ ranges }) => ranges === null)) return
  const [locations, policies] = [
    await world.directory.listLocations(ask),
    await world.directory.listPolicies(ask),
  ]
  for (const { name } of plan.enforce.trustedLocations) {
    const location = locations.find(({ displayName }) => displayName === name)
    const image = await world.store.read.tenantImage(imageKind(name), rollout.id, location?.id)
    if (!image || image.image !== null) continue
    const users = policies.filter(({ conditions }) => {
      const { includeLocations, excludeLocations } = conditions.locations ?? {}
      return [...(includeLocations ?? []), ...(excludeLocations ?? [])].includes(location?.id ?? '')
    })
    const isKept = location !== undefined && users.length > 0
    if (location && !isKept) await remove(world, location.id, ask)
    await world.store.tx(async (writer) => {
      const at = world.clock.now()
      if (!isKept) await writer.closeTenantImage(image.id, at)
      const type = isKept ? 'location.kept' : 'location.removed'
      const reason = isKept ? `named by ${users.map((one) => one.displayName).join(', ')}` : ''
      const data = { id: location?.id ?? null, name }
      await writer.append({ at, rolloutId: rollout.id, type, actor: 'wavegate', reason, data })
    })
  }
}

async function remove(world: World, id: string, ask: Ask & { signal: AbortSignal }): Promise<void> {
  try {
    await world.directory.deleteLocation(id, ask)
  } catch (error) {
    if (!isFailure(error, 'unknownEffect') && !isFailure(error, 'notFound')) throw error
  }
  const gone = await pollUntil(world, ask.signal, async () => {
    const locations = await world.directory.listLocations(ask)
    return locations.some((location) => location.id === id) ? undefined : true
  })
  if (!gone) throw new Error(`the named location ${id} was deleted and is still shown`)
}
