import { z } from 'zod'
import { thawNotices } from '../engine/follow-notices.ts'
import { FROZEN_KEY } from '../engine/frozen-key.ts'
import { tellRollout } from '../engine/tell.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Reader } from '../store/store.ts'
import type { Caller } from './contract.ts'
import { type Keep, keepIn } from './keep.ts'
import { requireRole } from './permit.ts'
import { type FreezeView, time } from './views.ts'

export interface FreezeAnswer {
  changed: boolean
  dryRun: boolean
  says: string
  frozen: FreezeView | null
}

const SAYS = {
  freeze: 'nothing new is applied in any rollout; rollback stays allowed',
  thaw: 'rollouts that were frozen go on',
} as const

/** What is said to a call of freeze or thaw. */
export function freezeAnswer(
  verb: keyof typeof SAYS,
  { changed, dryRun, frozen }: Omit<FreezeAnswer, 'says'>,
): FreezeAnswer {
  const isSo = (frozen !== null) === (verb === 'freeze')
  const says = !changed && isSo ? 'It is so already.' : `${dryRun ? 'Would: ' : ''}${SAYS[verb]}.`
  return { changed, dryRun, says, frozen }
}

const Frozen = z.object({ by: z.string(), at: z.number(), reason: z.string() })

export async function frozen(read: Pick<Reader, 'setting'>): Promise<FreezeView | null> {
  const kept = await read.setting(FROZEN_KEY)
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
export async function freeze(
  world: World,
  caller: Caller,
  reason: string,
  dryRun = false,
  keep?: Keep,
): Promise<boolean> {
  requireRole(caller, ['onCall'], 'freeze')
  if (dryRun || (await frozen(world.store.read))) return false
  await change(world, caller, reason, 'FREEZE', keep)
  return true
}

export async function thaw(
  world: World,
  caller: Caller,
  reason: string,
  dryRun = false,
  keep?: Keep,
): Promise<boolean> {
  requireRole(caller, ['onCall'], 'thaw')
  if (dryRun || !(await frozen(world.store.read))) return false
  await change(world, caller, reason, 'THAW', keep)
  return true
}

async function change(
  world: World,
  caller: Caller,
  reason: string,
  type: 'FREEZE' | 'THAW',
  keep: Keep | undefined,
): Promise<void> {
  const at = world.clock.now()
  const kept = type === 'FREEZE' ? JSON.stringify({ by: caller.person, at, reason }) : ''
  await world.store.tx(async (writer) => {
    await writer.setSetting(FROZEN_KEY, kept)
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
    if (type === 'THAW') await thawNotices(writer, at)
    const verb = type === 'FREEZE' ? 'freeze' : 'thaw'
    const body = freezeAnswer(verb, { changed: true, dryRun: false, frozen: await frozen(writer) })
    await keepIn(writer, world, caller, keep, { status: 200, body })
  })
}
