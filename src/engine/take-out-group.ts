import type { Receipt } from '../graph/directory/ask.ts'
import { GraphFailure, isFailure } from '../graph/errors.ts'
import type { Image } from '../methods/change.ts'
import type { Answer } from '../store/ledger.ts'
import type { Member, Restore } from '../store/members.ts'
import { isImage } from './chunk.ts'
import { nextNumber } from './ownership.ts'
import { type Settling, settle } from './settle-restored.ts'

export function isSettled(restore: Restore): boolean {
  switch (restore) {
    case 'restored':
    case 'notOurs':
    case 'untouched':
    case 'gone':
    case 'resolved':
    case 'conflict':
      return true
    case 'failed':
    case 'unknown':
    case 'leftIn':
      return false
    default:
      return restore satisfies never
  }
}

/** One call's worth of people, or a few calls side by side. Notes in `sent` whose return is to be read back. */
export async function takeOut(
  settling: Settling,
  people: readonly Member[],
  sent: Set<string>,
): Promise<void> {
  const { change, signal } = settling
  const going = await leaveForeign(settling, people)
  if (going.size === 0) return
  const attempts = await intend(settling, [...going.keys()], people[0]?.waveId ?? '')
  const answers = await change.restore(going, { lane: 'restore', signal })
  await record(settling, attempts, answers)
  let stopped: GraphFailure | undefined
  for (const id of going.keys()) {
    const answer = answers.get(id)
    const outcome = answer === undefined ? 'sent' : await settleAnswer(settling, id, answer)
    if (outcome === 'sent') sent.add(id)
    else if (outcome instanceof GraphFailure) stopped ??= outcome
  }
  if (stopped) throw stopped
}

/** What another hand changed since is left as it is, and said. */
async function leaveForeign(
  settling: Settling,
  people: readonly Member[],
): Promise<ReadonlyMap<string, Image>> {
  const { change, images, signal } = settling
  const ids = people.map((member) => member.personId)
  const befores = new Map(ids.map((id) => [id, images.get(id)?.image ?? {}]))
  if (!change.isForeign) return befores
  const now = await change.read(ids, { lane: 'restore', signal })
  const foreign = ids.filter((id) => {
    const image = now.get(id)
    return isImage(image) && change.isForeign?.(image, befores.get(id) ?? {})
  })
  await settle(settling, foreign, 'conflict', 'changed by another hand since; left as it is')
  for (const id of foreign) befores.delete(id)
  return befores
}

async function settleAnswer(
  settling: Settling,
  id: string,
  answer: Receipt | GraphFailure,
): Promise<'sent' | 'settled' | GraphFailure> {
  if (!(answer instanceof GraphFailure)) return 'sent'
  switch (answer.kind) {
    case 'unknownEffect':
      return 'sent'
    case 'notMember':
    case 'notFound':
      if (!(await isGone(settling, id))) return 'sent'
      await settle(settling, [id], 'gone', 'not in the directory any more')
      return 'settled'
    case 'badRequest':
    case 'conflict':
      await settle(settling, [id], 'failed', answer.message)
      return 'settled'
    default:
      return answer
  }
}

async function record(
  { world }: Settling,
  attempts: ReadonlyMap<string, number>,
  answers: ReadonlyMap<string, Receipt | GraphFailure>,
): Promise<void> {
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    for (const [id, attempt] of attempts) {
      const answer = answers.get(id)
      if (answer) await writer.answer([attempt], at, answerOf(answer), answer)
    }
  })
}

function answerOf(answer: Receipt | GraphFailure): Answer {
  if (!(answer instanceof GraphFailure)) return 'accepted'
  if (answer.kind === 'unknownEffect') return 'unknown'
  return answer.kind === 'notMember' || answer.kind === 'notFound' ? 'alreadySo' : 'refused'
}

async function isGone({ world, signal }: Settling, personId: string): Promise<boolean> {
  try {
    await world.directory.readUser(personId, { lane: 'restore', signal })
    return false
  } catch (error) {
    if (isFailure(error, 'notFound')) return true
    throw error
  }
}

async function intend(
  { world, rolloutId, change }: Settling,
  ids: readonly string[],
  waveId: string,
): Promise<ReadonlyMap<string, number>> {
  const before = await world.store.read.attempts(change.effect, change.target, ids)
  const { effect, target } = change
  const place = { effect, target, rolloutId, waveId, at: world.clock.now() }
  const numbered = ids.map((personId) => ({ personId, number: nextNumber(before.get(personId)) }))
  const attempts = await world.store.tx((writer) => writer.intend(place, 'restore', numbered))
  return new Map(ids.map((id, index) => [id, attempts[index] as number]))
}
