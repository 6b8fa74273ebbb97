import { campaignLeft } from './breaches/campaign-left.ts'
import { lowered } from './breaches/lowered.ts'
import { notBack } from './breaches/not-back.ts'
import { offRecord } from './breaches/off-record.ts'
import { sessions } from './breaches/sessions.ts'
import { touched } from './breaches/touched.ts'
import { uncovered } from './breaches/uncovered.ts'
import { unprepared } from './breaches/unprepared.ts'
import { unwritten } from './breaches/unwritten.ts'
import { whileHeld } from './breaches/while-held.ts'
import type { Case } from './case.ts'

/** Every promise that was broken, in sentences with names; none: all were kept. */
export function breachesOf(one: Case): string[] {
  return [
    uncovered,
    touched,
    offRecord,
    notBack,
    lowered,
    whileHeld,
    unprepared,
    unwritten,
    sessions,
    campaignLeft,
  ].flatMap((look) => look(one))
}
