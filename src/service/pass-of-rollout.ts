import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Situation } from './act.ts'
import { keepVerb, within } from './keep.ts'
import { rolloutView } from './look.ts'
import { pass } from './pass.ts'
import type { PassAnswer } from './pass-view.ts'
import type { VerbAnswer } from './views.ts'

/** The verb said of a member of a rollout: the same pass, with the rollout and the wave on its record. */
export async function passOfMember(
  world: World,
  situation: Situation,
  signal: AbortSignal,
): Promise<VerbAnswer> {
  const { caller, call, rollout } = situation
  const [person, ...others] = call.people ?? []
  if (person === undefined || others.length > 0)
    throw fault('requestInvalid', { detail: 'pass is for one person at a time' })
  const member = await world.store.read.member(rollout.id, person)
  if (!member) throw fault('personNotFound', { person, id: rollout.id })
  const told = async (seen: World, { says, changed, pass, waitsFor }: PassAnswer): Promise<VerbAnswer> => ({
    verb: 'pass',
    changed,
    dryRun: call.dryRun,
    says,
    people: [{ personId: member.personId, upn: member.upn, why: whyOf(waitsFor) }],
    pass,
    waitsFor,
    rollout: await rolloutView(seen, rollout.id),
  })
  const { reason, dryRun, lifetime, manyUses, confirms } = call
  const wanted = { person: member.personId, reason, dryRun, lifetime, manyUses, confirms }
  const done = await pass(world, caller, wanted, {
    place: { rolloutId: rollout.id, waveId: member.waveId || null },
    ask: { lane: 'change', signal },
    keep: async (writer, answer) => {
      await keepVerb(writer, world, situation, await told(within(world, writer), answer))
    },
  })
  return await told(world, done)
}

function whyOf(waitsFor: PassAnswer['waitsFor']): string {
  switch (waitsFor) {
    case null:
      return 'a temporary access pass'
    case 'secondPerson':
      return 'waits for a second person, since there is or may be a directory role'
    case 'whoAsked':
      return 'is confirmed, and waits for who asked first'
    default:
      return waitsFor satisfies never
  }
}
