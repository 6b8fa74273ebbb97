import { allPreparations } from '../engine/all-preparations.ts'
import { undoOrder } from '../engine/undo-order.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Member } from '../store/members.ts'
import type { Prepared } from '../store/preparation.ts'
import type { Reader, Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { keepVerb, within } from './keep.ts'
import { rolloutView } from './look.ts'
import type { VerbAnswer } from './views.ts'

const OPEN: readonly (string | null)[] = ['failed', 'unknown']

/** A person settled a failed rollback by hand. The before-image is closed; the ledger keeps who said so and how. */
export async function resolvePeople(
  world: World,
  situation: Situation,
  people: readonly Member[],
): Promise<VerbAnswer> {
  const { caller, call, rollout } = situation
  const prepared = await preparedStill(world.store.read, rollout.id, people)
  const open = people.filter((member) => OPEN.includes(member.restore) || prepared.has(member.personId))
  const settled = people.filter((member) => member.restore === 'resolved')
  const wrong = people.find((member) => !open.includes(member) && !settled.includes(member))
  if (wrong) {
    const because = `the rollback of ${wrong.upn} has not failed`
    throw fault('notApplicable', {
      verb: 'resolve',
      because,
      instead: 'Use rollback; it is read back by itself.',
    })
  }
  const changed = open.length > 0 && !call.dryRun
  const answer = async (seen: World): Promise<VerbAnswer> => ({
    verb: 'resolve',
    changed,
    dryRun: call.dryRun,
    says:
      open.length === 0
        ? 'It is so already.'
        : `${open.map((one) => one.upn).join(', ')}: settled by hand by ${caller.person}.`,
    people: open.map(({ personId, upn }) => ({ personId, upn, why: 'settled by hand' })),
    rollout: await rolloutView(seen, rollout.id),
  })
  if (!changed) return await answer(world)
  return await world.store.tx(async (writer) => {
    await settle(writer, world, situation, open)
    return await keepVerb(writer, world, situation, await answer(within(world, writer)))
  })
}

/** Whose preparation could not be taken back. */
async function preparedStill(
  read: Reader,
  rolloutId: string,
  people: readonly Member[],
): Promise<Map<string, Prepared[]>> {
  const ids = people.map((member) => member.personId)
  const rows = await read.preparations(rolloutId, ids)
  return Map.groupBy(
    rows.filter(({ restore }) => OPEN.includes(restore)),
    ({ personId }) => personId,
  )
}

async function settlePrepared(
  writer: Writer,
  world: World,
  { caller, call, rollout }: Situation,
  people: readonly Member[],
  at: number,
): Promise<void> {
  const rows = [...(await preparedStill(writer, rollout.id, people)).values()].flat()
  const told = { restore: 'resolved', reason: `${caller.person}: ${call.reason}`, isOver: true }
  for (const [step, some] of Map.groupBy(rows, (row) => row.step)) {
    const ids = some.map(({ personId }) => personId)
    await writer.setUnprepared(rollout.id, ids, { step, at, ...told })
    for (const { preparation, target } of await allPreparations(within(world, writer), rollout)) {
      if (preparation.step !== step) continue
      const { effect } = preparation.change(new Map())
      const images = [...(await writer.openImages(effect, target, ids)).values()]
      await writer.closeImages(
        images.map((image) => image.id),
        at,
      )
    }
  }
}

async function settle(
  writer: Writer,
  world: World,
  situation: Situation,
  people: readonly Member[],
): Promise<void> {
  const { caller, call, rollout } = situation
  const at = world.clock.now()
  await settlePrepared(writer, world, situation, people, at)
  const ids = people.filter((member) => OPEN.includes(member.restore)).map((member) => member.personId)
  await writer.setMembers(rollout.id, ids, {
    restore: 'resolved',
    restore_reason: `${caller.person}: ${call.reason}`,
    restored_at: at,
    per_user_mfa: null,
    per_user_reason: null,
  })
  for (const { effect, target } of undoOrder(world, rollout)) {
    const images = [...(await writer.openImages(effect, target, ids)).values()]
    await writer.closeImages(
      images.map((image) => image.id),
      at,
    )
  }
  for (const member of people) {
    const place = { at, rolloutId: rollout.id, waveId: member.waveId, personId: member.personId }
    await writer.append({ ...place, type: 'verb.resolve', actor: caller.person, reason: call.reason })
  }
}
