import { mayRetire, queueRetire } from '../engine/crossing.ts'
import { isOf } from '../engine/drift-names.ts'
import { isCrossingPlan } from '../engine/drift-per-user.ts'
import { stateIn, upnOf } from '../engine/drift-words.ts'
import type { Exceptions } from '../engine/except-people.ts'
import { putAmongExceptions } from '../engine/except-people.ts'
import { putPerUserBack } from '../engine/per-user-back.ts'
import type { Request } from '../engine/put-policy-back.ts'
import { COVERED } from '../engine/record-caught.ts'
import { takeForeignOut } from '../engine/take-foreign-out.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { EXCEPTION_MEMBER } from '../methods/exception-member.ts'
import type { Drift } from '../store/drift.ts'
import type { Reader, Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { graphFault } from './graph-fault.ts'

/** What a revert does to people, beside whom it takes out of the group by name. */
export interface PeopleRevert {
  /** The way everybody of their wave went. */
  askAgain: Drift[]
  /** Their per-user MFA goes off again, once it is safe. */
  retireAgain: Drift[]
  /** Their per-user MFA comes back as it was left. */
  giveBack: Drift[]
  /** Among the exceptions again. */
  except: Drift[]
  /** No longer among them: under the policy again. */
  coverAgain: Drift[]
  /** The exceptions group. */
  exceptionsId: string
}

export async function planPeople(
  world: World,
  { rollout }: Situation,
  chosen: readonly Drift[],
): Promise<PeopleRevert> {
  const { read } = world.store
  const isRunning = rollout.state === 'running'
  const lowered = chosen.filter(isOf('lowered'))
  const isCrossing = isCrossingPlan(rollout)
  const exceptionsId = (await read.graduation(rollout.id))?.groupId ?? ''
  const again = [...chosen.filter(isOf('removed')), ...(isCrossing ? [] : lowered)]
  return {
    askAgain: again.filter(() => isRunning),
    retireAgain: await stillCrossing(world, rollout.id, chosen.filter(isOf('raised'))),
    giveBack: isCrossing ? await unprotected(read, rollout.id, lowered) : [],
    except: chosen.filter(isOf('unexcepted')),
    coverAgain: await underPolicy(read, rollout.id, rollout.policyId, chosen.filter(isOf('excepted'))),
    exceptionsId,
  }
}

export function everyone(plan: PeopleRevert): Drift[] {
  const { askAgain, retireAgain, giveBack, except, coverAgain } = plan
  return [...askAgain, ...retireAgain, ...giveBack, ...except, ...coverAgain]
}

async function stillCrossing(world: World, rolloutId: string, found: readonly Drift[]): Promise<Drift[]> {
  const rows = await rowsOf(world.store.read, rolloutId, found)
  const open: Drift[] = []
  for (const one of found) {
    const waveId = rows.get(one.personId ?? '')?.waveId
    if (waveId === undefined) continue
    const leave = await mayRetire(world.store.read, { rolloutId, waveId }, world.clock.now())
    if (leave !== 'never') open.push(one)
  }
  return open
}

/** A protected account is changed by nobody of ours. */
async function unprotected(read: Reader, rolloutId: string, found: readonly Drift[]): Promise<Drift[]> {
  const rows = await rowsOf(read, rolloutId, found)
  return found.filter((one) => rows.get(one.personId ?? '')?.perUserReason !== 'protected')
}

/** Whom the ledger has under the policy: caught when it was widened, or in place by a wave. */
async function underPolicy(
  read: Reader,
  rolloutId: string,
  policyId: string | null,
  found: readonly Drift[],
): Promise<Drift[]> {
  const rows = await rowsOf(read, rolloutId, found)
  const covered = await read.openImages(COVERED.effect, policyId ?? '', [...rows.keys()])
  return found.filter(({ personId }) => {
    const row = rows.get(personId ?? '')
    if (!row || row.restore !== null || row.deferred !== null) return false
    return covered.has(row.personId) || (row.waveId !== '' && ['done', 'already'].includes(row.outcome))
  })
}

async function rowsOf(read: Reader, rolloutId: string, found: readonly Drift[]) {
  const rows = await read.membersAmong(rolloutId, idsOf(found))
  return new Map(rows.map((one) => [one.personId, one]))
}

export function idsOf(found: readonly Drift[]): string[] {
  return found.flatMap((one) => one.personId ?? [])
}

export function requestsOf({
  retireAgain,
  giveBack,
  except,
  coverAgain,
  exceptionsId,
}: PeopleRevert): Request[] {
  const members = except.map((one) => `directoryObjects/${one.personId}`)
  const put: Request = {
    method: 'PATCH',
    path: `/groups/${exceptionsId}`,
    body: { 'members@odata.bind': members },
  }
  return [
    ...(members.length > 0 ? [put] : []),
    ...coverAgain.map(
      (one): Request => ({ method: 'DELETE', path: `/groups/${exceptionsId}/members/${one.personId}/$ref` }),
    ),
    ...[...retireAgain, ...giveBack].map(
      (one): Request => ({
        method: 'PATCH',
        path: `/users/${one.personId}/authentication/requirements`,
        body: { perUserMfaState: stateIn(one.before) },
      }),
    ),
  ]
}

/** Calls whose end is read back before anything is said to be settled: who gets something back, then who loses it. */
export async function putPeopleBack(
  world: World,
  { rollout }: Situation,
  plan: PeopleRevert,
  signal: AbortSignal,
): Promise<void> {
  const ask = { lane: 'restore', signal } as const
  const { giveBack, except, coverAgain, exceptionsId: groupId } = plan
  const faulty = (error: unknown) => {
    throw graphFault(error)
  }
  const states = new Map(giveBack.map((one) => [one.personId as string, { state: stateIn(one.before) }]))
  refuseMissing(giveBack, await putPerUserBack(world, rollout.id, states, ask).catch(faulty))
  if (except.length > 0) {
    const exceptions: Exceptions = { world, rolloutId: rollout.id, groupId, ask }
    const there = await putAmongExceptions(exceptions, idsOf(except)).catch(faulty)
    refuseMissing(
      except,
      idsOf(except).filter((id) => !there.has(id)),
    )
  }
  const place = { rolloutId: rollout.id, groupId, effect: EXCEPTION_MEMBER.effect }
  refuseMissing(coverAgain, await takeForeignOut(world, place, idsOf(coverAgain), ask).catch(faulty))
}

function refuseMissing(found: readonly Drift[], missing: readonly string[]): void {
  if (missing.length === 0) return
  const names = found.filter((one) => missing.includes(one.personId ?? '')).map(upnOf)
  const detail = `${names.join(', ')}: not read back as recorded in time; revert again`
  throw fault('graphUnavailable', { detail })
}

/** As if they had just been proven: the work of the crossing looks at all that has to be true, and goes on with them. */
export async function retireThem(
  writer: Writer,
  { rollout }: Situation,
  at: number,
  found: readonly Drift[],
): Promise<void> {
  const members = await writer.membersAmong(rollout.id, idsOf(found))
  const ids = members.map((one) => one.personId)
  await writer.setMembers(rollout.id, ids, {
    per_user_mfa: 'unknown',
    per_user_reason: 'switched on again by another hand; to go off again',
    per_user_at: at,
  })
  for (const waveId of new Set(members.map((one) => one.waveId)))
    await queueRetire(writer, { rolloutId: rollout.id, waveId }, at)
}
