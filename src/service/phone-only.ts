import { z } from 'zod'
import { neededUntil } from '../engine/cohort-verdicts.ts'
import { lastSummary } from '../engine/people-summary.ts'
import type { World } from '../engine/world.ts'
import type { Registration } from '../graph/directory/reports.ts'
import { dateOf } from '../people/microsoft-dates.ts'
import { sayDay } from '../people/say-day.ts'
import { judgeMethods } from '../people/verdict-methods.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { type Finding, warningAt } from '../plan/problem.ts'

const DAY = 86_400_000
/** What outlives text messages. */
const WAYS_OUT = ['registration campaign', 'passkey', 'temporary access pass', 'hardware token']

export const PhoneOnlyView = z
  .object({
    people: z.int(),
    until: z.iso.date().describe('the day Microsoft stops sending text messages and calls to them'),
    daysLeft: z.int(),
    waysOut: z.array(z.string()),
    countedAt: z.iso.datetime(),
    says: z.string().describe('of whom the number is: the whole tenant, not the members of the rollout'),
  })
  .describe(
    'People of the whole tenant who can be reached by a phone alone, as they were last counted; how many are members of the rollout, its preview says',
  )
export type PhoneOnlyView = z.infer<typeof PhoneOnlyView>

/** Counted down; nothing where the tenant has a telephony provider of its own, or nobody was counted yet. */
export async function phoneOnlyView(
  world: World,
  plan: Pick<CompiledPlan, 'telephonyProvider'>,
): Promise<PhoneOnlyView[]> {
  if (plan.telephonyProvider) return []
  const now = world.clock.now()
  const summary = await lastSummary(world)
  if (summary === undefined) return []
  const countedAt = new Date(summary.at).toISOString()
  return summary.phoneOnly.map(({ until, people }) => {
    const daysLeft = Math.max(0, Math.ceil((until - now) / DAY))
    const whom = people === 1 ? '1 person' : `${people} people`
    const says = `${whom} of the whole tenant, not only of this rollout, as counted at ${countedAt}`
    return { people, until: sayDay(until), daysLeft, waysOut: WAYS_OUT, countedAt, says }
  })
}

/** People of the waves whose phone Microsoft serves no longer than the plan takes at the very least. */
export function phoneOnlyFindings(
  world: World,
  plan: CompiledPlan,
  members: readonly string[],
  report: readonly Registration[],
): Finding[] {
  const end = dateOf(world.dates, 'smsVoiceRetired')
  if (plan.telephonyProvider || end === undefined) return []
  const now = world.clock.now()
  const over = plan.waves.reduce((at, wave) => at + neededUntil(world, wave, 1) - now, now)
  if (over < end) return []
  const among = new Set(members)
  const only = report.filter(({ id, isMfaCapable, methodsRegistered }) => {
    const registered = methodsRegistered ?? undefined
    const asked = { isMfaCapable, registered, strength: undefined, dates: world.dates, isLater: false }
    return among.has(id) && judgeMethods(asked).are === 'phoneOnly'
  })
  if (only.length === 0) return []
  const people = only.length === 1 ? '1 person of the waves has' : `${only.length} people of the waves have`
  const message = `${people} a phone and nothing else, which Microsoft serves until ${sayDay(end)}; the plan takes longer.`
  const hint = `Get them another method first (${WAYS_OUT.join(', ')}), or declare tenant.telephonyProvider.`
  return [warningAt(['waves'], 'phoneOnlyPeople', message, hint)]
}
