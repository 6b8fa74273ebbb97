import { DateTime } from 'luxon'
import type { CompiledPlan } from '../plan/compiled-plan.ts'

/** When a notice goes out, seen from the switch. */
export type Moment = 'before' | 'on' | 'after'

/** Everything a template may name. */
export interface NoticeFields {
  person: { name: string; upn: string }
  notice: { moment: Moment; isFirst: boolean }
  switch: { date: string; time: string }
  rollout: { name: string; change: string }
  strength: CompiledPlan['enforce']['strength']
  contact: string
  sender: string
  language: string
}

/** As a template writes them. */
export const FIELD_NAMES: readonly string[] = [
  'person.name',
  'person.upn',
  'notice.moment',
  'notice.isFirst',
  'switch.date',
  'switch.time',
  'rollout.name',
  'rollout.change',
  'strength',
  'contact',
  'sender',
  'language',
]

/** As any mail might be: a template that fails on these fails on people. */
export function sampleFields(moment: Moment): NoticeFields {
  return {
    person: { name: 'Anna Bauer', upn: 'anna.bauer@contoso.com' },
    notice: { moment, isFirst: true },
    switch: { date: 'Monday', time: '08:00' },
    rollout: { name: 'mfa', change: 'CHG1' },
    strength: 'mfa',
    contact: 'help desk',
    sender: 'it@contoso.com',
    language: 'en',
  }
}

/** Who gets a mail, as the directory knows them. */
export interface Recipient {
  name: string
  upn: string
}

/** What a mail of a plan says to one person. `switchAt`: nobody switches them before; afterwards, when they were. */
export function noticeFields(
  plan: Pick<CompiledPlan, 'name' | 'change' | 'timezone' | 'enforce'>,
  about: {
    person: Recipient
    moment: Moment
    isFirst: boolean
    switchAt: number
    language: string
    contact: string
    sender: string
  },
): NoticeFields {
  const { person, moment, isFirst, switchAt, language, contact, sender } = about
  const at = DateTime.fromMillis(switchAt, { zone: plan.timezone, locale: language })
  return {
    person: { name: person.name, upn: person.upn },
    notice: { moment, isFirst },
    switch: {
      date: at.toLocaleString(DateTime.DATE_HUGE),
      time: at.toLocaleString(DateTime.TIME_24_SIMPLE),
    },
    rollout: { name: plan.name, change: plan.change ?? '' },
    strength: plan.enforce.strength,
    contact,
    sender,
    language,
  }
}
