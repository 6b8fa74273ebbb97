import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { User } from '../graph/directory/users.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Image } from '../methods/change.ts'
import { phonePreload, wantedPhone } from '../methods/phone-preload.ts'
import { maskedPhone } from '../people/phone-words.ts'
import type { Writer } from '../store/store.ts'
import type { Caller } from './contract.ts'
import { type Keep, keepIn } from './keep.ts'

export interface PhoneCall {
  /** Object id or user principal name. */
  person: string
  number: string
  type: 'mobile' | 'office'
  region?: string | undefined
  /** Another number of this type gives way. */
  replace: boolean
  reason: string
  dryRun: boolean
}

export interface PhoneAnswer {
  changed: boolean
  dryRun: boolean
  says: string
  personId: string
  upn: string
  type: 'mobile' | 'office'
  /** Masked. */
  number: string
  /** The tenant shows it already. */
  inPlace: boolean
  warns: string[]
}

interface Wanted {
  world: World
  caller: Caller
  call: PhoneCall
  user: User
  /** In Graph's own form. */
  number: string
  warns: string[]
  signal: AbortSignal
}

/** As in a preparation: read, before-image and intent committed, sent, read back. */
export async function sendPhone(
  { world, caller, call, user, number, warns, signal }: Wanted,
  keep: Keep | undefined,
  also: (writer: Writer) => Promise<void>,
): Promise<PhoneAnswer> {
  const { id, userPrincipalName: upn } = user
  const change = phonePreload(
    world.directory,
    call.type,
    new Map([[id, wantedPhone(number, { replaces: call.replace })]]),
  )
  const before = imageIn(await change.read([id], { lane: 'change', signal }), id)
  const masked = maskedPhone(number)
  const had = String(before[call.type] ?? '')
  const answer = (more: Pick<PhoneAnswer, 'changed' | 'inPlace' | 'says'>): PhoneAnswer => ({
    ...{ dryRun: call.dryRun, personId: id, upn, type: call.type, number: masked, warns },
    ...more,
  })
  if (change.reached(before, 'registered'))
    return answer({ changed: false, inPlace: true, says: 'It is so already.' })
  if (had !== '' && !call.replace)
    throw fault('phoneDifferent', { person: upn, type: call.type, has: maskedPhone(had) })
  const gives = had === '' ? '' : ` in place of ${maskedPhone(had)}`
  if (call.dryRun)
    return answer({
      changed: false,
      inPlace: false,
      says: `Would: ${masked} is registered for ${upn}${gives}.`,
    })

  const { effect, target } = change
  const place = { effect, target, rolloutId: '', waveId: '', at: world.clock.now() }
  const tries = (await world.store.read.attempts(effect, target, [id])).get(id) ?? []
  const attempts = await world.store.tx(async (writer) => {
    await writer.recordImages(place, [{ personId: id, image: before }])
    return await writer.intend(place, 'apply', [{ personId: id, number: (tries.at(-1)?.number ?? 0) + 1 }])
  })
  const told = (await change.apply([id], 'registered', { lane: 'change', signal })).get(id)
  const isUnknown = told instanceof GraphFailure && told.kind === 'unknownEffect'
  const isRefused = told instanceof GraphFailure && !isUnknown
  if (isRefused) {
    await world.store.tx((writer) => writer.answer(attempts, world.clock.now(), 'refused', told))
    throw told
  }
  const after = await change.read([id], { lane: 'verify', signal })
  const now = after.get(id)
  const inPlace = now !== undefined && !(now instanceof GraphFailure) && change.reached(now, 'registered')
  const says = inPlace
    ? `${masked} is registered for ${upn}${gives}.`
    : `${masked} was sent for ${upn}${gives}, and the tenant does not show it yet; the same call again says when it does.`
  return await world.store.tx(async (writer) => {
    const at = world.clock.now()
    const { requestId, clientRequestId } = told ?? {}
    await writer.answer(attempts, at, isUnknown ? 'unknown' : 'accepted', { requestId, clientRequestId })
    await also(writer)
    const data = {
      type: call.type,
      number: masked,
      before: had === '' ? null : maskedPhone(had),
      inPlace,
      requestId,
    }
    const where = { at, rolloutId: null, personId: id, actor: caller.person, reason: call.reason }
    await writer.append({ ...where, type: 'phone.registered', data })
    const body = answer({ changed: true, inPlace, says })
    await keepIn(writer, world, caller, keep, { status: 200, body })
    return body
  })
}

function imageIn(read: ReadonlyMap<string, Image | GraphFailure>, id: string): Image {
  const image = read.get(id)
  if (image === undefined || image instanceof GraphFailure)
    throw image ?? new Error(`nothing was read of ${id}`)
  return image
}
