import { createHash } from 'node:crypto'
import { z } from 'zod'
import { readPhoneAllowance } from '../engine/prepare-phones.ts'
import { readRolesNow } from '../engine/role-holders.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { User } from '../graph/directory/users.ts'
import { isFailure } from '../graph/errors.ts'
import { readPhone } from '../people/phone-number.ts'
import { maskedPhone, sayReading, sayWarning } from '../people/phone-words.ts'
import type { Caller } from './contract.ts'
import { refuseWhileFrozen } from './freeze.ts'
import { graphFault } from './graph-fault.ts'
import { type Keep, keepIn, within } from './keep.ts'
import { everybodyProtected, isOneself, NAME_THE_GROUP } from './pass-barred.ts'
import { requireRole } from './permit.ts'
import { type PhoneAnswer, type PhoneCall, sendPhone } from './person-phone-send.ts'

/** A second person has so long to say the same. */
const SECOND_PERSON_WITHIN = 24 * 3_600_000

const Asked = z.object({ by: z.string(), at: z.number(), of: z.string() })

/**
 * One person's number, registered by hand: not for a protected account and not for oneself; for somebody with a directory
 * role only once a second person has made the same call. @throws personNotInDirectory, phoneUnusable, phoneRefused, phoneDifferent
 */
export async function registerPhone(
  world: World,
  caller: Caller,
  call: PhoneCall,
  signal: AbortSignal,
  keep?: Keep,
): Promise<PhoneAnswer> {
  requireRole(caller, ['onCall', 'changeManager', 'approver'], 'phone')
  try {
    const user = await userOf(world, call.person, signal)
    if (!(await world.store.read.setting(keyOf(user))))
      requireRole(caller, ['onCall', 'changeManager'], 'phone')
    await refuseWhileFrozen(world.store.read)
    await refuseUnlessAllowed(world, caller, call, user, signal)
    const region = call.region ?? user.usageLocation ?? undefined
    const reading = readPhone(call.number, { type: call.type, region })
    if (!('number' in reading)) throw fault('phoneUnusable', { why: sayReading(reading) ?? reading.is })
    const { number, warns } = reading
    const says = warns.map(sayWarning)
    const { holders, free } = await readRolesNow(world, [user.id], { lane: 'scan', signal })
    const needsSecond = holders.has(user.id) || !free.has(user.id)
    const wanted = { world, caller, call, user, number, warns: says, signal }
    if (!needsSecond) return await sendPhone(wanted, keep, async () => {})
    const second = await secondPerson(world, caller, user, `${call.type} ${number}`)
    if (second === 'confirmed')
      return await sendPhone(wanted, keep, (writer) => writer.setSetting(keyOf(user), ''))
    return await askSecond({ ...wanted, is: second }, keep)
  } catch (error) {
    throw graphFault(error)
  }
}

async function userOf(world: World, person: string, signal: AbortSignal): Promise<User> {
  try {
    return await world.directory.readUser(person, { lane: 'scan', signal })
  } catch (error) {
    if (isFailure(error, 'notFound')) throw fault('personNotInDirectory', { person })
    throw error
  }
}

async function refuseUnlessAllowed(
  world: World,
  caller: Caller,
  call: PhoneCall,
  user: User,
  signal: AbortSignal,
): Promise<void> {
  const person = user.userPrincipalName
  const refused = (because: string, instead: string) => fault('phoneRefused', { person, because, instead })
  if (isOneself(caller, user)) throw refused('nobody does this for themself', 'Ask a colleague who may.')
  const ask = { lane: 'scan' as const, signal }
  const { people, isSure } = await everybodyProtected(world, ask)
  if (people.has(user.id)) throw refused('the account is protected by a plan', 'It is never changed.')
  if (!isSure) throw refused('a protected group of a plan cannot be told', NAME_THE_GROUP)
  const allowed = (await readPhoneAllowance(world, call.type, [user.id], ask)).get(user.id)
  if (allowed === 'no')
    throw refused(
      'the tenant’s policy of authentication methods lets them be asked by no such phone',
      'Allow it there first.',
    )
}

function keyOf({ id }: User): string {
  return `phone.asked.${id}`
}

/** The number itself is not kept: its hash tells whether the second says the same. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function secondPerson(
  world: World,
  caller: Caller,
  user: User,
  text: string,
): Promise<'confirmed' | 'first' | 'same'> {
  const kept = await world.store.read.setting(keyOf(user))
  if (!kept) return 'first'
  const { by, at, of } = Asked.parse(JSON.parse(kept))
  if (of !== hashOf(`${user.id} ${text}`) || world.clock.now() - at > SECOND_PERSON_WITHIN) return 'first'
  if (by.toLowerCase() === caller.person.toLowerCase()) return 'same'
  requireRole(caller, ['onCall', 'approver'], 'confirming a phone')
  return 'confirmed'
}

async function askSecond(
  {
    world,
    caller,
    call,
    user,
    number,
    warns,
    is,
  }: Parameters<typeof sendPhone>[0] & { is: 'first' | 'same' },
  keep: Keep | undefined,
): Promise<PhoneAnswer> {
  requireRole(caller, ['onCall', 'changeManager'], 'phone')
  const at = world.clock.now()
  const answer: PhoneAnswer = {
    ...{ changed: false, dryRun: call.dryRun, inPlace: false, warns },
    ...{ personId: user.id, upn: user.userPrincipalName, type: call.type, number: maskedPhone(number) },
    says: `${user.userPrincipalName} holds a directory role, or may: a second person (on-call or approver, not ${caller.person}) has to make the same call within 24 hours.`,
  }
  if (call.dryRun || is === 'same') return answer
  return await world.store.tx(async (writer) => {
    const of = hashOf(`${user.id} ${call.type} ${number}`)
    await writer.setSetting(keyOf(user), JSON.stringify({ by: caller.person, at, of }))
    const place = { at, rolloutId: null, personId: user.id, actor: caller.person, reason: call.reason }
    await writer.append({
      ...place,
      type: 'phone.asked',
      data: { type: call.type, number: maskedPhone(number) },
    })
    await keepIn(writer, within(world, writer), caller, keep, { status: 200, body: answer })
    return answer
  })
}
