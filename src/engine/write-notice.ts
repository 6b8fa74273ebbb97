import type { Addressee } from '../graph/directory/mail.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { CompiledNotices } from '../plan/compiled-prepare-notices.ts'
import { noticeFields } from '../prepare/notice-fields.ts'
import { languageFor } from '../prepare/notice-language.ts'
import { type NoticeTemplate, type RenderedNotice, renderNotice } from '../prepare/notice-template.ts'
import type { NoticeKind } from '../store/notices.ts'

/** One mail as it would go out. */
export interface WrittenNotice extends RenderedNotice {
  language: string
  /** The moment it names. */
  saysAt: number
}

interface About {
  plan: CompiledPlan
  notices: CompiledNotices
  templates: ReadonlyMap<string, NoticeTemplate>
}

/** What is known of a person's switch. */
export interface SwitchTimes {
  notBefore: number | null
  inPlaceAt: number | null
}

/**
 * Which moment a notice names: before the switch, the one before which nobody switches the person, by what is sent now;
 * afterwards, when they were in place.
 */
export function momentToName(kind: NoticeKind, { notBefore, inPlaceAt }: SwitchTimes, now: number): number {
  if (kind.moment !== 'before') return inPlaceAt ?? now
  if (kind.isFirst || kind.isLast) return Math.max(notBefore ?? 0, now + kind.leadMs)
  return notBefore ?? now + kind.leadMs
}

/** The switch as all mails to come would name it: the earliest moment at which it may be, or when it was. */
export function expectedSwitch(
  kindsToCome: readonly NoticeKind[],
  { notBefore, inPlaceAt }: SwitchTimes,
  now: number,
): number {
  if (inPlaceAt !== null) return inPlaceAt
  // Only the first and the last notice move it; see setMoment in notice-settle.ts.
  const leads = kindsToCome
    .filter(
      ({ moment, isFirst, isLast }) => moment === 'before' && (isLast || (isFirst && notBefore === null)),
    )
    .map(({ leadMs }) => now + leadMs)
  return Math.max(notBefore ?? now, now, ...leads)
}

export function writeNotice(
  { plan, notices, templates }: About,
  kind: NoticeKind,
  to: Addressee,
  saysAt: number,
): WrittenNotice {
  const language = languageFor(to, [...templates.keys()], notices.language)
  const template = templates.get(language)
  if (!template) throw new Error(`there is no template of ${language}`)
  const fields = noticeFields(plan, {
    person: { name: to.displayName ?? to.userPrincipalName, upn: to.userPrincipalName },
    moment: kind.moment,
    isFirst: kind.isFirst,
    switchAt: saysAt,
    language,
    contact: notices.contact,
    sender: notices.sender,
  })
  return { ...renderNotice(template, fields), language, saysAt }
}
