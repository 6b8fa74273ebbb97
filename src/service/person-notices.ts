import { noticeKinds } from '../engine/notice-kinds.ts'
import { templatesOf } from '../engine/notice-templates.ts'
import { planOf } from '../engine/plan-of.ts'
import type { World } from '../engine/world.ts'
import { expectedSwitch, type SwitchTimes, writeNotice } from '../engine/write-notice.ts'
import { fault } from '../errors.ts'
import type { Addressee } from '../graph/directory/mail.ts'
import { isFailure } from '../graph/errors.ts'
import type { Notice, NoticeKind } from '../store/notices.ts'
import type { Reader } from '../store/store.ts'
import { graphFault } from './graph-fault.ts'
import { needRollout } from './look.ts'
import type { NoticeOfPerson, NoticePreview, NoticesView } from './notices-view.ts'

/** What a person was written, and what is still to come, wave by wave. */
export async function personNotices(
  read: Reader,
  rolloutId: string,
  personId: string,
): Promise<NoticeOfPerson[]> {
  const rows = await read.noticesOf(rolloutId, personId)
  const names = new Map((await read.wavesOf(rolloutId)).map(({ id, name }) => [id, name]))
  return rows
    .toSorted((one, other) => (one.at ?? Number.POSITIVE_INFINITY) - (other.at ?? Number.POSITIVE_INFINITY))
    .map((row) => noticeView(row, names.get(row.waveId) ?? ''))
}

function noticeView({ notice, state, reason, address, saysAt, at }: Notice, wave: string): NoticeOfPerson {
  return { notice, wave, state, reason, address, says: timeOf(saysAt), at: timeOf(at) }
}

function timeOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

/** Every mail of the plan to one person, word by word. Nothing is sent. @throws personNotFound, notApplicable */
export async function previewNotices(
  world: World,
  rolloutId: string,
  who: string,
  signal: AbortSignal,
): Promise<NoticesView> {
  const { read } = world.store
  const rollout = await needRollout(read, rolloutId)
  const plan = planOf(rollout)
  const notices = plan.prepare?.notices
  if (!notices) {
    const instead = 'Write prepare.notices in the plan: a sender, and how long before.'
    throw fault('notApplicable', { verb: 'notice preview', because: 'the plan sends no notices', instead })
  }
  const member = await read.member(rolloutId, who)
  const to = await addresseeOf(world, member?.personId ?? who, signal)
  if (!to) throw fault('personNotFound', { person: who, id: rolloutId })
  const templates = await templatesOf(read, notices)
  const rows = member
    ? (await read.noticesOf(rolloutId, to.id)).filter(({ waveId }) => waveId === member.waveId)
    : []
  const wave = member ? ((await read.wave(member.waveId))?.name ?? '') : ''
  const times = { notBefore: member?.notBefore ?? null, inPlaceAt: member?.inPlaceAt ?? null }
  const now = world.clock.now()
  const kinds = noticeKinds(notices)
  const rowOf = ({ notice }: NoticeKind) => rows.find((row) => row.notice === notice)
  const isToComeBy = (row: Notice | undefined) => row === undefined || row.state === 'planned'
  const expected = expectedSwitch(
    kinds.filter((kind) => isToComeBy(rowOf(kind))),
    times,
    now,
  )
  const mails = kinds.map((kind): NoticePreview => {
    const row = rowOf(kind)
    const isToCome = isToComeBy(row)
    const saidAt = isToCome ? null : (row?.saysAt ?? null)
    const saysAt = saidAt ?? expected
    const { language, subject, text, html } = writeNotice({ plan, notices, templates }, kind, to, saysAt)
    const known = row
      ? noticeView(row, wave)
      : { notice: kind.notice, wave, state: 'notPlanned' as const, reason: null, address: null, at: null }
    const sendAt = isToCome ? timeOf(dueAt(kind, times)) : null
    const isExpected = saidAt === null && times.inPlaceAt === null
    const said = { sendAt, says: timeOf(saysAt), isExpected, language: row?.language ?? language }
    return { ...known, ...said, subject, text, html }
  })
  const { id: personId, userPrincipalName: upn, displayName, mail: address } = to
  const { sender } = notices
  return { personId, upn, displayName: displayName ?? upn, sender, address, notices: mails }
}

function dueAt(
  { moment, leadMs, isFirst }: NoticeKind,
  { notBefore, inPlaceAt }: SwitchTimes,
): number | null {
  if (moment !== 'before') return inPlaceAt === null ? null : inPlaceAt + leadMs
  return isFirst || notBefore === null ? null : notBefore - leadMs
}

/** By object id or sign-in name. */
async function addresseeOf(
  { directory }: World,
  who: string,
  signal: AbortSignal,
): Promise<Addressee | undefined> {
  const ask = { lane: 'scan' as const, signal }
  try {
    const { id } = await directory.readUser(who, ask)
    const [found] = await directory.readAddressees([id], ask)
    return found
  } catch (error) {
    if (isFailure(error, 'notFound')) return undefined
    throw graphFault(error)
  }
}
