import type { Addressee } from '../graph/directory/mail.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { CompiledNotices } from '../plan/compiled-prepare-notices.ts'
import type { DueNotice, Sendable } from '../store/notices.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import { noticeKinds } from './notice-kinds.ts'
import { type NoticeFate, settleNotices } from './notice-settle.ts'
import { templatesOf } from './notice-templates.ts'
import { inParts } from './side-by-side.ts'
import type { World } from './world.ts'
import { momentToName, type WrittenNotice, writeNotice } from './write-notice.ts'

/** A wave whose people are written to. */
export interface Mailing {
  world: World
  rollout: StoredRollout
  wave: Pick<StoredWave, 'id'>
  plan: CompiledPlan
  notices: CompiledNotices
  /** They agreed to go first: nobody of them is left for later. */
  testUsers: boolean
  /** Nothing is sent to these: nothing of ours may touch them. */
  protectedPeople: ReadonlySet<string>
  /** Asked before every party. Throws where nothing may go out any more. */
  refuseHeld(): Promise<void>
  signal: AbortSignal
}

/** The mailbox that sends may not, or there is none: nobody else's mail would go out either. */
export class SenderRefused extends Error {
  override readonly name = 'SenderRefused'
}

/** As many as a mailbox takes at a time; a crash leaves no more of them unknown. */
const PARTY = 4

/** People of one look at the directory. */
export const SOME = 300

interface Letter {
  due: DueNotice
  to: Addressee | undefined
  written: WrittenNotice | undefined
}

/** Sends what is due of a wave; answers with how many notices were settled. @throws SenderRefused, GraphFailure */
export async function sendDueNotices(mailing: Mailing, may: Sendable): Promise<number> {
  const { world, rollout, wave, notices } = mailing
  const { read } = world.store
  await settleCutOff(mailing)
  await world.store.tx(async (writer) => {
    const place = { rolloutId: rollout.id, waveId: wave.id }
    const kinds = noticeKinds(notices)
    const names = kinds.map(({ notice }) => notice)
    const at = world.clock.now()
    await writer.dropNoticesBut(wave.id, names, { at, reason: 'the plan does not say it any more' })
    await writer.planNotices(place, await writer.withoutNotices(wave.id, names), kinds)
    await writer.dropNotices(wave.id, at)
  })
  let settled = 0
  for (;;) {
    await mailing.refuseHeld()
    const due = await read.dueNotices(wave.id, may, world.clock.now(), SOME)
    if (due.length === 0) return settled
    const { going, overtaken } = newest(due)
    await settleNotices(mailing, overtaken.map(overtakenFate))
    await sendSome(mailing, going)
    settled += due.length
  }
}

/** Of several that are due to one person before the switch, the one nearest to it says it all. */
function newest(due: readonly DueNotice[]): { going: DueNotice[]; overtaken: DueNotice[] } {
  const nearest = new Map<string, DueNotice>()
  for (const one of due) {
    const known = nearest.get(one.personId)
    if (one.moment === 'before' && (!known || one.leadMs < known.leadMs)) nearest.set(one.personId, one)
  }
  const isOvertaken = (one: DueNotice) => one.moment === 'before' && nearest.get(one.personId) !== one
  return { going: due.filter((one) => !isOvertaken(one)), overtaken: due.filter(isOvertaken) }
}

function overtakenFate(due: DueNotice): NoticeFate {
  return { due, state: 'dropped', reason: 'a later one says the same' }
}

/** A process ended while these were sent: they may have gone out, and nobody can look. */
export async function settleCutOff(mailing: Mailing): Promise<void> {
  const { read } = mailing.world.store
  const cut = await read.cutOff(mailing.wave.id)
  const reason = 'the answer was not heard; it is not sent a second time'
  const fates = cut.map(
    (one): NoticeFate => ({ due: { ...one, notBefore: null, inPlaceAt: null }, state: 'unknown', reason }),
  )
  await settleNotices(mailing, fates)
}

/** @throws SenderRefused, GraphFailure */
export async function sendSome(mailing: Mailing, due: readonly DueNotice[]): Promise<void> {
  const { world, plan, notices, signal } = mailing
  const ids = [...new Set(due.map(({ personId }) => personId))]
  const ask = { lane: 'change' as const, signal }
  const people = new Map((await world.directory.readAddressees(ids, ask)).map((one) => [one.id, one]))
  const templates = await templatesOf(world.store.read, notices)
  const now = world.clock.now()
  const letters = due.map((one): Letter => {
    const to = people.get(one.personId)
    const mayGo = to?.mail && to.accountEnabled !== false && !mailing.protectedPeople.has(one.personId)
    const saysAt = momentToName(one, one, now)
    return {
      due: one,
      to,
      written: mayGo ? writeNotice({ plan, notices, templates }, one, to, saysAt) : undefined,
    }
  })
  await settleNotices(
    mailing,
    letters.filter(({ written }) => !written).map((letter) => unwritten(mailing, letter)),
  )
  for (const party of inParts(
    letters.filter(({ written }) => written),
    PARTY,
  ))
    await sendParty(mailing, party)
}

function unwritten({ protectedPeople }: Mailing, { due, to }: Letter): NoticeFate {
  if (protectedPeople.has(due.personId)) return { due, state: 'dropped', reason: 'protected' }
  if (!to) return { due, state: 'dropped', reason: 'not in the directory any more' }
  if (to.accountEnabled === false) return { due, state: 'dropped', reason: 'the account is disabled' }
  return { due, state: 'noAddress', reason: 'the directory knows no mail address' }
}

/** Intents first: what a crash cuts off is known to have been under way. */
async function sendParty(mailing: Mailing, party: readonly Letter[]): Promise<void> {
  const { world } = mailing
  await mailing.refuseHeld()
  const at = world.clock.now()
  await world.store.tx(async (writer) => {
    for (const { due, to, written } of party) {
      const { language = null, saysAt = null } = written ?? {}
      const sent = { address: to?.mail ?? null, language, says_at: saysAt }
      await writer.setNotice(due, { state: 'asked', asked_at: at, ...sent })
    }
  })
  const sent = await Promise.all(party.map((letter) => sendOne(mailing, letter)))
  await settleNotices(
    mailing,
    sent.map(({ fate }) => fate),
  )
  const stopped = sent.find(({ stop }) => stop !== undefined)
  if (stopped) throw stopped.stop
}

interface Sent {
  fate: NoticeFate
  /** Why nothing further is sent now. */
  stop?: unknown
}

async function sendOne({ world, notices, signal }: Mailing, { due, to, written }: Letter): Promise<Sent> {
  try {
    const { subject = '', html = '' } = written ?? {}
    const mail = { to: to?.mail ?? '', subject, html }
    const receipt = await world.directory.sendMail(notices.sender, mail, { lane: 'change', signal })
    return { fate: { due, state: 'accepted', reason: null, requestId: receipt.requestId } }
  } catch (error) {
    if (error instanceof GraphFailure) return fateOf(due, notices.sender, error)
    // Called off before it was sent.
    return { fate: { due, state: 'planned', reason: null }, stop: error }
  }
}

function fateOf(due: DueNotice, sender: string, error: GraphFailure): Sent {
  const { kind, message, permission } = error
  switch (kind) {
    case 'unknownEffect':
      return { fate: { due, state: 'unknown', reason: `${message}; it is not sent a second time` } }
    case 'unauthenticated':
    case 'forbidden':
    case 'licence':
    case 'notFound': {
      const needs = permission ? ` It needs the application permission ${permission}.` : ''
      const stop = new SenderRefused(`No mail goes out from ${sender}: ${message}.${needs}`)
      return { fate: { due, state: 'planned', reason: stop.message }, stop }
    }
    case 'throttled':
    case 'unavailable':
      return { fate: { due, state: 'planned', reason: message }, stop: error }
    case 'alreadyExists':
    case 'notMember':
    case 'badRequest':
    case 'conflict':
    case 'unreadable':
      return { fate: { due, state: 'failed', reason: message } }
    default:
      return kind satisfies never
  }
}
