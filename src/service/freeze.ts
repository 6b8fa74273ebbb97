import { z } from 'zod'
import { tellRollout } from '../engine/tell.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Reader } from '../store/store.ts'
import type { Caller } from './contract.ts'
import { requireRole } from './permit.ts'
import { type FreezeView, time } from './views.ts'

const KEY = 'frozen'
const Frozen = z.object({ by: z.string(), at: z.number(), reason: z.string() })

export async function frozen(read: Pick<Reader, 'setting'>): Promise<FreezeView | null> {
  const kept = await read.setting(KEY)
  if (!kept) return null
  const { by, at, reason } = Frozen.parse(JSON.parse(kept))
  return { by, since: time(at), reason }
}

/** @throws installationFrozen */
export async function refuseWhileFrozen(read: Pick<Reader, 'setting'>): Promise<void> {
  const now = await frozen(read)
  if (now) throw fault('installationFrozen', { ...now })
}

/** Every running rollout holds, and none can start. False: it was frozen already, or this is a dry run. */
export async function freeze(world: World, caller: Caller, reason: string, dryRun = false): Promise<boolean> {
  requireRole(caller, ['onCall'], 'freeze')
  if (dryRun || (await frozen(world.store.read))) return false
  await change(
    world,
    caller,
    reason,
    'FREEZE',
    JSON.stringify({ by: caller.person, at: world.clock.now(), reason }),
  )
  return true
}

export async function thaw(world: World, caller: Caller, reason: string, dryRun = false): Promise<boolean> {
  requireRole(caller, ['onCall'], 'thaw')
  if (dryRun || !(await frozen(world.store.read))) return false
  await change(world, caller, reason, 'THAW', '')
  return true
}

async function change(
  world: World,
  caller: Caller,
  reason: string,
  type: 'FREEZE' | 'THAW',
  kept: string,
): Promise<void> {
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await writer.setSetting(KEY, kept)
    await writer.append({
      at,
      rolloutId: null,
      type: `verb.${type.toLowerCase()}`,
      actor: caller.person,
      reason,
    })
    for (const rollout of await writer.rollouts()) {
      if (rollout.state === 'running' || rollout.state === 'graduating')
        await tellRollout(writer, rollout.id, { type, at, by: caller.person, reason })
    }
  })
}
