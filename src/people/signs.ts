import { z } from 'zod'
import { type FactsOf, type PersonFacts, saySource } from './facts.ts'
import { sayEvery } from './say-day.ts'
import { TELLING_NAMES } from './sign-names.ts'

export const SIGNS = [
  'name',
  'closedMailbox',
  'roundTheClock',
  'everyDay',
  'oneAddress',
  'script',
  'nobodysReport',
  'noName',
  'noLicence',
] as const

/** Something about an account that speaks for its being no person; how much, in points. */
export const signSchema = z.strictObject({
  sign: z.enum(SIGNS),
  points: z.int().positive(),
  says: z.string(),
  source: z.string(),
  at: z.number(),
})
export type Sign = z.infer<typeof signSchema>

/** So many points are worth a question. */
export const ENOUGH = 3

/** What this tenant fills in for nearly everybody: only there does its absence say anything. */
export interface FilledIn {
  employeeId: boolean
  manager: boolean
  name: boolean
  licence: boolean
}

const MOST = 0.8

/** Counts what is filled in for those who can sign in and are no guests. */
export function filledInCount() {
  let all = 0
  const filled = { employeeId: 0, manager: 0, name: 0, licence: 0 }
  return {
    add({ account }: PersonFacts): void {
      if (account === undefined || account.userType === 'Guest' || !account.accountEnabled) return
      all++
      if (account.hasEmployeeId) filled.employeeId++
      if (account.managerId !== undefined) filled.manager++
      if (account.hasName) filled.name++
      if (account.licence === 'P1' || account.licence === 'P2') filled.licence++
    },
    filledIn(): FilledIn {
      const isUsual = (count: number) => all > 0 && count >= all * MOST
      return {
        employeeId: isUsual(filled.employeeId),
        manager: isUsual(filled.manager),
        name: isUsual(filled.name),
        licence: isUsual(filled.licence),
      }
    },
  }
}

/** What speaks for an account's being no person. Of guests nothing does: their own organisation knows them. */
export function signsOf(facts: PersonFacts, filledIn: FilledIn): Sign[] {
  const { account, rhythm } = facts
  if (account === undefined || account.userType === 'Guest') return []
  return [...accountSigns(account, filledIn), ...(rhythm ? rhythmSigns(rhythm) : [])]
}

export function pointsOf(signs: readonly Sign[]): number {
  return signs.reduce((sum, { points }) => sum + points, 0)
}

type Account = FactsOf<'account'>

function accountSigns(account: Account, filledIn: FilledIn): Sign[] {
  const signs: Sign[] = []
  const add = (sign: Sign['sign'], points: number, says: string) =>
    signs.push({ sign, points, says, source: saySource('account'), at: account.at })
  const named = tellingName(account)
  if (named) add('name', named.points, `has “${named.word}” in its name`)
  const { accountEnabled, licence, mail, hasEmployeeId, managerId, hasName } = account
  const isLicensed = licence !== 'none'
  if (!accountEnabled && !isLicensed && mail !== undefined)
    add('closedMailbox', 2, 'has a mailbox, no licence and no sign-in, as shared mailboxes do')
  const lacksId = filledIn.employeeId && hasEmployeeId === false
  const lacksManager = filledIn.manager && managerId === undefined
  // Whoever is at the top has no manager, and an employee number.
  if (lacksId && (lacksManager || !filledIn.manager))
    add(
      'nobodysReport',
      1,
      `has no employee number${lacksManager ? ' and no manager' : ''}, as nearly all others have`,
    )
  if (filledIn.name && hasName === false)
    add('noName', 1, 'has no given name and no surname, as nearly all others have')
  if (filledIn.licence && accountEnabled && licence === 'none')
    add('noLicence', 1, 'has no Entra ID licence, as nearly all others have')
  return signs
}

function tellingName({ upn, displayName }: Account): { word: string; points: number } | undefined {
  const local = (upn.split('@')[0] ?? '').toLowerCase()
  const parts = (text: string) => text.toLowerCase().split(/[^\p{L}]+/u)
  const anywhere = new Set([...parts(local), ...parts(displayName)])
  for (const { where, words, points } of TELLING_NAMES) {
    const found = words.find((word) =>
      where === 'begins' ? new RegExp(`^${word}([^a-z]|$)`).test(local) : anywhere.has(word),
    )
    if (found !== undefined) return { word: found, points }
  }
  return undefined
}

const WEEKS_TWO = 14

function rhythmSigns(rhythm: FactsOf<'rhythm'>): Sign[] {
  const { days, weekendDays, hours, times, addresses, everyMs, scripts = [], at } = rhythm
  const signs: Sign[] = []
  const add = (sign: Sign['sign'], points: number, says: string) =>
    signs.push({ sign, points, says, source: saySource('rhythm'), at })
  const isDaily = days >= WEEKS_TWO && weekendDays * 4 >= days
  if (isDaily && everyMs !== undefined)
    add('roundTheClock', 3, `signs in ${sayEvery(everyMs)}, nights and weekends alike`)
  else if (isDaily && hours >= 20) add('roundTheClock', 3, 'signs in at all hours, nights and weekends alike')
  else if (isDaily) add('everyDay', 1, `signs in at weekends as on working days, on ${days} days`)
  if (isDaily && addresses === 1 && times >= 20)
    add('oneAddress', 1, `${times} sign-ins, all from one address`)
  if (scripts.length > 0) add('script', 2, `signs in by ${scripts.join(', ')}`)
  return signs
}
