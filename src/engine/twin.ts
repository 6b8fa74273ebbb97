import type { Ask } from '../graph/directory/ask.ts'
import type { Policy } from '../graph/directory/policies.ts'
import { isFailure } from '../graph/errors.ts'
import { type Finding, finding } from '../methods/policy-finding.ts'
import { pickPolicy } from '../methods/policy-switch.ts'
import { markIn, type PolicyWanted, policyBody } from '../methods/policy-template.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Writer } from '../store/store.ts'
import { twinName } from './doors.ts'
import { acceptedProperties, recordPolicy } from './drift-record.ts'
import { refuse, type WaveJob } from './job.ts'
import { makeLocations } from './locations.ts'
import { readDemand, wantedPolicy } from './policy-wanted.ts'
import { pollUntil } from './poll.ts'
import { readProtection } from './protection.ts'
import { waveContextOf } from './step.ts'
import type { World } from './world.ts'

export const TWIN_IMAGE = 'twin'

export interface Twin {
  id: string
  /** Since when it tells what the policy would do. */
  since: number
}

/**
 * The report-only twin: on everybody less the protected, with what the policy asks, and never enabled. Made once and
 * read back; looked at before each reading, since what it tells is only worth what it is. Undefined: the plan does not
 * ask for it, or the wave is held just now. @throws Refused where another hand changed it
 */
export async function theTwin(world: World, job: WaveJob, signal: AbortSignal): Promise<Twin | undefined> {
  const name = twinName(job.plan)
  if (name === null) return undefined
  const ask = { lane: 'scan' as const, signal }
  const rollout = (await world.store.read.rollout(job.rollout.id)) ?? job.rollout
  const protection = await readProtection(world, job.plan, ask)
  if (await isHeld(world, job)) return undefined
  await makeLocations(world, rollout.id, job.plan, { ...ask, lane: 'change' })
  const { demand, findings } = await readDemand(world, job.plan, ask)
  refuse([...protection.findings, ...findings])
  const accepted = (await acceptedProperties(world.store.read, rollout.id, 'twin')) ?? {}
  const wanted = { ...wantedPolicy(world, name, null, demand, protection), accepted }
  // By its id first: another hand may have renamed it.
  const ours = rollout.twinId && (await findTwin(world, { ...wanted, name: rollout.twinId }, ask))
  const found = ours || (await findTwin(world, wanted, ask))
  if (found && found.id === rollout.twinId) {
    await recordOnce(world, rollout.id, wanted, found)
    return { id: found.id, since: await sinceOf(world, rollout.id) }
  }
  return await takeUp(world, rollout, wanted, found, { ...ask, lane: 'change' })
}

/** What every later look compares with: kept once, of a twin that an older build made. */
async function recordOnce(
  world: World,
  rolloutId: string,
  wanted: PolicyWanted,
  twin: Policy,
): Promise<void> {
  if (await world.store.read.recorded(rolloutId, 'twin')) return
  const at = world.clock.now()
  await world.store.tx((writer) => recordPolicy(writer, rolloutId, 'twin', twin, wanted, at))
}

/** What keeps a policy of the twin's name from being the twin. */
export function twinFindings(policy: Policy, wanted: PolicyWanted): Finding[] {
  if (markIn(policy.description) !== wanted.mark) {
    const hint = 'Rename or delete it: beside our policy stands a twin of that name, and only one we made.'
    return [finding('policyForeign', `The policy ${policy.displayName} was not made by us.`, hint)]
  }
  if (policy.state === 'enabledForReportingButNotEnforced') return []
  const hint = 'Put it in report-only again, or delete it: it is on everybody, and must never be enabled.'
  return [finding('policyDiffers', `The twin ${policy.displayName} is ${policy.state}.`, hint)]
}

async function findTwin(world: World, wanted: PolicyWanted, ask: Ask): Promise<Policy | undefined> {
  const { policy, findings } = pickPolicy(await world.directory.listPolicies(ask), wanted)
  refuse(policy ? [...twinFindings(policy, wanted), ...findings] : findings)
  return policy
}

async function isHeld(world: World, job: WaveJob): Promise<boolean> {
  const wave = await world.store.read.wave(job.wave.id)
  const { heldAbove, holds } = waveContextOf((wave ?? job.wave).saved)
  return heldAbove || holds.some((hold) => hold.kind === 'user')
}

/** Before-image first; a twin that an earlier run left is ours already. */
async function takeUp(
  world: World,
  rollout: StoredRollout,
  wanted: PolicyWanted,
  found: Policy | undefined,
  ask: Ask & { signal: AbortSignal },
): Promise<Twin> {
  const { id: rolloutId } = rollout
  const standing = await world.store.read.tenantImage(TWIN_IMAGE, rolloutId, found?.id)
  const at = world.clock.now()
  if (!standing) {
    const image = { kind: TWIN_IMAGE, objectId: found?.id ?? null, image: found ? { ...found } : null }
    await world.store.tx((writer) => writer.recordTenantImage({ ...image, rolloutId, at }))
  }
  const twin = found ?? (await madeTwin(world, wanted, ask))
  const since = found ? 0 : world.clock.now()
  await world.store.tx(async (writer) => {
    const image = await writer.tenantImage(TWIN_IMAGE, rolloutId, twin.id)
    if (image && image.objectId !== twin.id) await writer.nameTenantObject(image.id, twin.id)
    await writer.setRollout(rolloutId, { twin_id: twin.id })
    await recordPolicy(writer, rolloutId, 'twin', twin, wanted, at)
    await noteTwinSince(writer, rolloutId, since)
    const data = { policyId: twin.id, name: wanted.name, created: found === undefined }
    await writer.append({ at: world.clock.now(), rolloutId, type: 'twin.ready', actor: 'wavegate', data })
  })
  return { id: twin.id, since }
}

async function madeTwin(
  world: World,
  wanted: PolicyWanted,
  ask: Ask & { signal: AbortSignal },
): Promise<Policy> {
  try {
    await world.directory.createPolicy(policyBody(wanted), ask)
  } catch (error) {
    // It may have been made all the same; the read-back finds it.
    if (!isFailure(error, 'unknownEffect')) throw error
  }
  const made = await pollUntil(world, ask.signal, () => findTwin(world, wanted, ask))
  if (!made) throw new Error(`the twin ${wanted.name} was made and not read back in time`)
  return made
}

/** With the rollout taken back the twin goes, if we made it; read back as gone. */
export async function removeTwin(world: World, rollout: StoredRollout, signal: AbortSignal): Promise<void> {
  const image = await world.store.read.tenantImage(TWIN_IMAGE, rollout.id, rollout.twinId ?? undefined)
  if (!image) return
  const id = rollout.twinId ?? image.objectId
  const isOurs = image.image === null
  if (id !== null && isOurs) await deleteTwin(world, id, { lane: 'restore', signal })
  await world.store.tx(async (writer) => {
    const at = world.clock.now()
    await writer.closeTenantImage(image.id, at)
    await writer.setRollout(rollout.id, { twin_id: null })
    const data = { policyId: id, removed: isOurs }
    await writer.append({ at, rolloutId: rollout.id, type: 'twin.removed', actor: 'wavegate', data })
  })
}

async function deleteTwin(world: World, id: string, ask: Ask & { signal: AbortSignal }): Promise<void> {
  try {
    await world.directory.deletePolicy(id, ask)
  } catch (error) {
    if (isFailure(error, 'notFound')) return
    if (!isFailure(error, 'unknownEffect')) throw error
  }
  const gone = await pollUntil(world, ask.signal, async () => {
    try {
      await world.directory.readPolicy(id, ask)
      return undefined
    } catch (error) {
      if (isFailure(error, 'notFound')) return true
      throw error
    }
  })
  if (!gone) throw new Error(`the twin ${id} was deleted and is still shown`)
}

/** What it tells counts from here on. */
export async function noteTwinSince(writer: Writer, rolloutId: string, since: number): Promise<void> {
  await writer.setSetting(sinceKey(rolloutId), String(since))
}

function sinceKey(rolloutId: string): string {
  return `twinSince:${rolloutId}`
}

/** When the twin of a rollout was read back first. */
export async function sinceOf(world: World, rolloutId: string): Promise<number> {
  return Number((await world.store.read.setting(sinceKey(rolloutId))) ?? 0)
}
