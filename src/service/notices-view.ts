import { z } from 'zod'
import { NOTICE_STATES, type NoticeCount } from '../store/notices.ts'

const Time = z.iso.datetime()
const Count = z.int().min(0)

/** Mails of a wave, by what came of them. null: the plan sends none. */
export const NoticesOfWave = z
  .object({
    waiting: Count.describe('to be sent in their time'),
    accepted: Count.describe('Microsoft took them on; whether they arrived is not known'),
    failed: Count,
    noAddress: Count.describe('the directory knows no address of the person'),
    unknown: Count.describe('may have been taken on; not sent a second time'),
  })
  .nullable()
export type NoticesOfWave = z.infer<typeof NoticesOfWave>

/** One notice to one person. */
export const NoticeOfPerson = z.object({
  notice: z.string().describe('before-14d, on, after-1d; graduate: right before the policy covers everybody'),
  wave: z.string(),
  state: z.enum(NOTICE_STATES).describe('accepted by Microsoft is not delivered'),
  reason: z.string().nullable(),
  address: z.string().nullable(),
  says: Time.nullable().describe('the moment it names'),
  at: Time.nullable(),
})
export type NoticeOfPerson = z.infer<typeof NoticeOfPerson>

/** One mail as it went out or would, word by word. */
export const NoticePreview = NoticeOfPerson.extend({
  state: z
    .enum([...NOTICE_STATES, 'notPlanned'])
    .describe('notPlanned: the person is in no wave that has begun'),
  isExpected: z
    .boolean()
    .describe(
      'the moment it names is the earliest possible one as things stand; the mail may name a later one',
    ),
  sendAt: Time.nullable().describe('when it is due, as things stand; null: that cannot be said yet'),
  language: z.string().nullable(),
  subject: z.string(),
  text: z.string().describe('Markdown'),
  html: z.string(),
})
export type NoticePreview = z.infer<typeof NoticePreview>

/** Everything a person is written by a plan; nothing is sent. */
export const NoticesView = z.object({
  personId: z.string(),
  upn: z.string(),
  displayName: z.string(),
  sender: z.string(),
  address: z.string().nullable().describe('where mails go as the directory is now; null: it knows none'),
  notices: z.array(NoticePreview),
})
export type NoticesView = z.infer<typeof NoticesView>

export function noticeCounts(counts: readonly NoticeCount[]): NoticesOfWave {
  if (counts.length === 0) return null
  const of = (...states: string[]) =>
    counts.filter(({ state }) => states.includes(state)).reduce((sum, { mails }) => sum + mails, 0)
  return {
    waiting: of('planned', 'asked'),
    accepted: of('accepted'),
    failed: of('failed'),
    noAddress: of('noAddress'),
    unknown: of('unknown'),
  }
}

export function sayNotices(notices: NonNullable<NoticesOfWave>): string {
  const said = [
    `${notices.accepted} accepted by Microsoft`,
    ...(notices.waiting > 0 ? [`${notices.waiting} to come`] : []),
    ...(notices.failed > 0 ? [`${notices.failed} failed`] : []),
    ...(notices.noAddress > 0 ? [`${notices.noAddress} without an address`] : []),
    ...(notices.unknown > 0 ? [`${notices.unknown} unknown`] : []),
  ]
  return said.join(', ')
}
