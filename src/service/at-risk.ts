import { LEFT_IN_REASON, soonWaitingForSecondPerson } from '../engine/left-in.ts'
import type { World } from '../engine/world.ts'
import { twinVerdicts } from '../engine/would-block.ts'
import type { Member } from '../store/members.ts'
import type { Situation } from './act.ts'
import { notPrepared } from './retry-preparations.ts'

export interface TouchedPerson {
  personId: string
  upn: string
  why: string
}

/** Names, before anything happens: whom the verb changes, or whom it puts at risk. */
export async function atRisk(world: World, situation: Situation): Promise<TouchedPerson[]> {
  const { call, rollout, wave } = situation
  const members = wave
    ? await world.store.read.membersOf(wave.id)
    : await world.store.read.membersOfRollout(rollout.id)
  switch (call.verb) {
    case 'rollback': {
      const back = await takenBack(world, members.filter(isChanged))
      return wave ? back : [...back, ...(await adoptedWithout(world, situation))]
    }
    case 'retry':
      return [
        ...members
          .filter((one) => one.outcome === 'failed' || one.outcome === 'unknown')
          .map(named('is taken again')),
        ...(await notPrepared(world.store.read, members)).map(named('is prepared again')),
      ]
    case 'approve':
      return members.filter((one) => one.deferred === null).map(named('will be under MFA'))
    case 'advance':
      return [
        ...advanceRisks(members, call.gates ?? []),
        ...(await wouldBeBlocked(world, situation, members)),
      ]
    case 'start':
    case 'reject':
    case 'pause':
    case 'resume':
    case 'abort':
    case 'skip':
    case 'extend':
    case 'shorten':
    case 'restart':
    case 'resolve':
    case 'adopt':
    case 'graduate':
    case 'defer':
    case 'release':
    case 'pass':
    case 'rearm':
    case 'disarm':
    case 'revert':
      return []
    case 'accept':
      return members.filter((one) => one.lockedOutAt !== null).map(named('was locked out'))
    default:
      return call.verb satisfies never
  }
}

async function takenBack(world: World, members: readonly Member[]): Promise<TouchedPerson[]> {
  const { ids } = await soonWaitingForSecondPerson(world, members)
  return members.map((member) =>
    named(ids.has(member.personId) ? LEFT_IN_REASON : 'goes back to what was recorded before')(member),
  )
}

function advanceRisks(members: readonly Member[], gates: readonly string[]): TouchedPerson[] {
  if (gates.includes('wouldBlock') && !gates.includes('readiness')) return []
  if (gates.includes('readiness')) {
    return members
      .filter((one) => one.deferred !== null || one.outcome === 'pending')
      .map(named('readiness is not asked'))
  }
  return members
    .filter((one) => one.inPlaceAt !== null && one.provenAt === null)
    .map(named('under MFA, and no sign-in has proven it yet'))
}

/** By name, whom the twin says the policy would keep out. */
async function wouldBeBlocked(
  world: World,
  { call, rollout, wave }: Situation,
  members: readonly Member[],
): Promise<TouchedPerson[]> {
  if (!wave || rollout.twinId === null || !call.gates?.includes('wouldBlock')) return []
  const { read } = world.store
  const since = (await read.lookBack(wave.id))?.from ?? 0
  const verdicts = await twinVerdicts(read, wave.id, rollout.twinId, since)
  return members
    .filter((one) => one.deferred === null && verdicts.get(one.personId) === 'blocked')
    .map(named('would be blocked, as the report-only twin says'))
}

export function isChanged(member: Member): boolean {
  return member.requestedAt !== null && member.restore !== 'restored' && member.outcome !== 'already'
}

function named(why: string): (member: Member) => TouchedPerson {
  return ({ personId, upn }) => ({ personId, upn, why })
}

/** Adopted people under a policy that was not on when it was found: it goes back to that, and they have none by it. */
async function adoptedWithout(world: World, { rollout }: Situation): Promise<TouchedPerson[]> {
  const { read } = world.store
  if (rollout.groupId === null) return []
  const image = await read.tenantImage('policy', rollout.id, rollout.policyId ?? undefined)
  if (!image || image.image?.state === 'enabled') return []
  const adopted = [...(await read.adopted(rollout.groupId))]
  const names = new Map((await read.leftOut(rollout.id)).map(({ person_id: id, upn }) => [id, upn] as const))
  const why =
    'stays in the group, and is without MFA by it as before: the policy goes back to report-only or off'
  return adopted.map((personId) => ({ personId, upn: names.get(personId) ?? personId, why }))
}
