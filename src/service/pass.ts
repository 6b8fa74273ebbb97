import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { User } from '../graph/directory/users.ts'
import { isFailure } from '../graph/errors.ts'
import type { Writer } from '../store/store.ts'
import type { Caller } from './contract.ts'
import { graphFault } from './graph-fault.ts'
import { makePass } from './make-pass.ts'
import { checkPassesADay, isWithoutRole, refuseBarred } from './pass-barred.ts'
import { passWithinPolicy } from './pass-limits.ts'
import { answerTo, type PassCall, type PassOrder } from './pass-order.ts'
import { refuseApproverAlone, type Turn, turnOf } from './pass-second-person.ts'
import type { PassAnswer } from './pass-view.ts'

/**
 * A temporary access pass for one person, shown once. Everything that bars it is read anew; for somebody who holds, or
 * may hold, a directory role a second person confirms first.
 * @throws personUnknown, passBarred, passPolicyOff, passLifetime, roleTooWeak, passUnknown
 */
export async function pass(
  world: World,
  caller: Caller,
  call: PassCall,
  where: Pick<PassOrder, 'place' | 'ask' | 'keep'>,
): Promise<PassAnswer> {
  try {
    const user = await readPerson(world, call.person, where.ask)
    await refuseBarred(world, caller, user, where.ask)
    await checkPassesADay(world.store.read, world, caller)
    const wanted = await passWithinPolicy(world, user, call, where.ask)
    const turn = await turnFor(world, caller, user, call, where.ask)
    const order: PassOrder = { caller, call, user, ...where }
    if (turn.is === 'make') return await makePass(world, order, wanted, turn.asked)
    return await without(world, order, turn)
  } catch (error) {
    throw graphFault(error)
  }
}

async function readPerson({ directory }: World, person: string, ask: Ask): Promise<User> {
  try {
    return await directory.readUser(person, ask)
  } catch (error) {
    if (isFailure(error, 'notFound')) throw fault('personUnknown', { person })
    throw error
  }
}

/** Who is known to hold no directory role needs no second person. */
async function turnFor(
  world: World,
  caller: Caller,
  user: User,
  call: PassCall,
  ask: Ask,
): Promise<Exclude<Turn, { is: 'make' }> | { is: 'make'; asked: { id: number } | null }> {
  if (!(await isWithoutRole(world, user.id, ask))) return await turnOf(world, caller, user, call)
  refuseApproverAlone(caller)
  return { is: 'make', asked: null }
}

/** What is answered while there is no pass yet. */
async function without(
  world: World,
  order: PassOrder,
  turn: Exclude<Turn, { is: 'make' }>,
): Promise<PassAnswer> {
  const { call, caller, user } = order
  const answer = (says: string, waitsFor: PassAnswer['waitsFor'], changed: boolean): PassAnswer => ({
    ...answerTo(order),
    changed,
    says: changed || turn.is === 'wait' ? says : `Would: ${says}`,
    waitsFor,
    pass: null,
  })
  switch (turn.is) {
    case 'wait':
      return answer(turn.says, turn.waitsFor, false)
    case 'ask': {
      const says = `${user.userPrincipalName} holds, or may hold, a directory role: a second person (on-call or an approver) confirms within the hour, naming ${caller.person}; then the same call again shows the pass.`
      if (call.dryRun) return answer(says, 'secondPerson', false)
      const done = answer(says, 'secondPerson', true)
      return await recorded(world, order, 'pass.asked', done, async (writer, at) => {
        const { rolloutId: rollout_id } = order.place
        const asked = { person_id: user.id, rollout_id, asked_by: caller.person, asked_at: at }
        await writer.askForPass({ ...asked, reason: call.reason })
      })
    }
    case 'confirm': {
      const says = `confirmed; ${turn.asked.askedBy} makes the same call again and is shown the pass.`
      if (call.dryRun) return answer(says, 'whoAsked', false)
      const done = answer(says, 'whoAsked', true)
      return await recorded(world, order, 'pass.confirmed', done, async (writer, at) => {
        await writer.confirmPass(turn.asked.id, caller.person, at)
      })
    }
    default:
      return turn satisfies never
  }
}

async function recorded(
  world: World,
  order: PassOrder,
  type: string,
  answer: PassAnswer,
  write: (writer: Writer, at: number) => Promise<void>,
): Promise<PassAnswer> {
  const { caller, call, user, place, keep } = order
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    await write(writer, at)
    const said = { at, ...place, personId: user.id, actor: caller.person, reason: call.reason }
    await writer.append({ ...said, type, data: { people: [user.id], channel: caller.channel } })
    await keep(writer, answer)
  })
  return answer
}
