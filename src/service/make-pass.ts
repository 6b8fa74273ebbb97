import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { MadePass } from '../graph/directory/access-passes.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Writer } from '../store/store.ts'
import { checkPassesADay } from './pass-barred.ts'
import { answerTo, type PassOrder } from './pass-order.ts'
import { type PassAnswer, withoutPass } from './pass-view.ts'
import { time } from './views.ts'

type Wanted = { lifetimeInMinutes: number; isUsableOnce: boolean }

/**
 * The word is on record before the call: who, for whom, why, and which pass it takes the place of. The value goes into
 * the answer and nowhere else. @throws passUnknown, passBarred
 */
export async function makePass(
  world: World,
  order: PassOrder,
  wanted: Wanted,
  asked: { id: number } | null,
): Promise<PassAnswer> {
  const { user, call, ask } = order
  const [replaces = null] = await world.directory.listPassIds(user.id, ask)
  const uses = wanted.isUsableOnce ? 'one sign-in' : 'any number of sign-ins'
  const instead = replaces === null ? '' : '; the one that stands is good no more'
  const what = `a pass for ${user.userPrincipalName}, good for ${wanted.lifetimeInMinutes} minutes and ${uses}${instead}`
  const head = { ...answerTo(order), waitsFor: null }
  if (call.dryRun) return { ...head, changed: false, says: `Would: make ${what}.`, pass: null }
  const id = await intend(world, order, wanted, asked, replaces)
  const made = await send(world, order, wanted, id)
  const answer: PassAnswer = {
    ...head,
    changed: true,
    says: `Made ${what}. It is shown this once and kept nowhere.${unusable(made.pass)}`,
    pass: viewOf(made.pass, wanted, world.clock.now()),
  }
  await world.store.tx(async (writer) => {
    await writer.answerPass(id, world.clock.now(), 'accepted', made.receipt, made.pass.id)
    await append(writer, world, order, 'pass.made', { pass: made.pass.id, replaces, ...wanted })
    await order.keep(writer, withoutPass(answer))
  })
  return answer
}

async function intend(
  world: World,
  order: PassOrder,
  wanted: Wanted,
  asked: { id: number } | null,
  replaces: string | null,
): Promise<number> {
  const { caller, call, user, place } = order
  const at = world.clock.now()
  return await world.store.tx(async (writer) => {
    await checkPassesADay(writer, world, caller)
    const { id: person_id } = user
    const own = { person_id, rollout_id: place.rolloutId, asked_by: caller.person, asked_at: at }
    const id = asked?.id ?? (await writer.askForPass({ ...own, reason: call.reason }))
    if (!(await writer.sendPass(id, at, replaces))) {
      const because = 'the second person’s word has served for one already'
      const instead = 'Ask again, and have it confirmed again.'
      throw fault('passBarred', { person: user.userPrincipalName, because, instead })
    }
    await append(writer, world, order, 'verb.pass', { channel: caller.channel, replaces, ...wanted })
    return id
  })
}

async function send(world: World, order: PassOrder, wanted: Wanted, id: number) {
  const { user, ask } = order
  try {
    return await world.directory.createPass(user.id, wanted, ask)
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    const isUnknown = error.kind === 'unknownEffect'
    await world.store.tx(async (writer) => {
      const at = world.clock.now()
      await writer.answerPass(id, at, isUnknown ? 'unknown' : 'refused', error, null)
      const data = { requestId: error.requestId ?? null, code: error.code ?? null }
      await append(writer, world, order, isUnknown ? 'pass.unknown' : 'pass.refused', data)
    })
    const person = user.userPrincipalName
    if (isUnknown) throw fault('passUnknown', { person, requestId: error.requestId }, error)
    if (error.kind !== 'badRequest' && error.kind !== 'conflict') throw error
    const instead = 'What it says is Microsoft’s; see Authentication methods in the Entra admin centre.'
    throw fault('passBarred', { person, because: error.message, instead }, error)
  }
}

async function append(
  writer: Writer,
  world: World,
  { caller, call, user, place }: PassOrder,
  type: string,
  data: Record<string, unknown>,
): Promise<void> {
  const said = { at: world.clock.now(), ...place, personId: user.id, actor: caller.person }
  await writer.append({ ...said, type, reason: call.reason, data: { people: [user.id], ...data } })
}

function unusable({ isUsable, methodUsabilityReason: why }: MadePass): string {
  if (isUsable !== false || why === 'NotYetValid') return ''
  return ` Microsoft says that it cannot be used: ${why ?? 'no reason given'}.`
}

function viewOf(made: MadePass, wanted: Wanted, now: number): PassAnswer['pass'] {
  const said = Date.parse(made.startDateTime ?? '')
  const startsAt = Number.isNaN(said) ? now : said
  const lifetimeInMinutes = made.lifetimeInMinutes ?? wanted.lifetimeInMinutes
  return {
    id: made.id,
    temporaryAccessPass: made.temporaryAccessPass,
    startsAt: time(startsAt),
    endsAt: time(startsAt + lifetimeInMinutes * 60_000),
    lifetimeInMinutes,
    isUsableOnce: made.isUsableOnce ?? wanted.isUsableOnce,
  }
}
