import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Member } from '../store/members.ts'
import { acceptNotProven } from './accept-not-proven.ts'
import type { Situation } from './act.ts'
import { deferPerson } from './defer-person.ts'
import { passOfMember } from './pass-of-rollout.ts'
import { releasePeople } from './release-people.ts'
import { resolvePeople } from './resolve.ts'
import { retryPeople } from './retry-people.ts'
import { rollbackPeople } from './rollback-people.ts'
import type { VerbAnswer } from './views.ts'

/** A verb said of people by name. */
export async function actOnPeople(
  world: World,
  situation: Situation,
  signal: AbortSignal,
): Promise<VerbAnswer> {
  const { verb } = situation.call
  // Who is deferred need not be in a wave yet.
  if (verb === 'defer') return await deferPerson(world, situation)
  if (verb === 'pass') return await passOfMember(world, situation, signal)
  const people = await named(world, situation)
  switch (verb) {
    case 'accept':
      return await acceptNotProven(world, situation, people)
    case 'rollback':
      return await rollbackPeople(world, situation, people)
    case 'retry':
      return await retryPeople(world, situation, people)
    case 'release':
      return await releasePeople(world, situation, people)
    case 'resolve':
      return await resolvePeople(world, situation, people)
    default:
      throw fault('notApplicable', {
        verb,
        because: 'it is not said of people',
        instead: 'Say it of the rollout or the wave.',
      })
  }
}

async function named(world: World, { call, rollout }: Situation): Promise<Member[]> {
  const members: Member[] = []
  for (const person of call.people ?? []) {
    const member = await world.store.read.member(rollout.id, person)
    if (!member) throw fault('personNotFound', { person, id: rollout.id })
    if (!members.some((other) => other.personId === member.personId)) members.push(member)
  }
  return members
}
