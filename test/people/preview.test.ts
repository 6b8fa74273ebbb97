import { expect, test } from 'vitest'
import { MICROSOFT_DATES } from '../../src/people/microsoft-dates.ts'
import { phoneCountdown } from '../../src/people/phone-countdown.ts'
import { byVerdict, type Previewed, sayPart } from '../../src/people/preview-shares.ts'
import { spreadOf, withTheirManager } from '../../src/people/spread.ts'
import type { VerdictIs } from '../../src/people/verdict-words.ts'
import { person } from './people.ts'

function previewed(id: string, is: VerdictIs, until?: string): Previewed {
  const verdict = { is, reasons: [], ...(until && { until: Date.parse(until) }) }
  return { person: person(id), wave: null, verdict }
}

test('a share never says nobody or everybody unless it is so', () => {
  expect([
    sayPart(0, 1000),
    sayPart(1, 1000),
    sayPart(712, 1000),
    sayPart(999, 1000),
    sayPart(1000, 1000),
  ]).toEqual(['0 %', 'under 1 %', '71 %', 'over 99 %', '100 %'])
  expect(sayPart(0, 0)).toBe('0 %')
})

test('who can use MFA comes first, then what is in the way, and nobody is counted twice', () => {
  const all = [
    previewed('a', 'guest'),
    previewed('b', 'needsNumber'),
    previewed('c', 'ready'),
    previewed('d', 'needsNumber'),
    previewed('e', 'unknown'),
  ]
  expect(byVerdict(all).map(({ kind, people }) => [kind, people.length])).toEqual([
    ['ready', 1],
    ['needsNumber', 2],
    ['unknown', 1],
    ['guest', 1],
  ])
})

test('departments are counted whatever their case, the largest first, with who has none', () => {
  const people = ['Sales', 'sales ', 'Legal', undefined, '', 'A', 'B', 'C', 'D'].map((department, index) =>
    person(`p${index}`, { department }),
  )
  const spread = spreadOf(people, 'department')
  expect(spread).toMatchObject({ values: 6, without: 2 })
  expect(spread.largest).toHaveLength(5)
  expect(spread.largest[0]).toEqual({ value: 'Sales', people: 2 })
})

test('who goes together with their own manager is counted, and nothing is claimed where no manager is known', () => {
  const people = ['boss', 'ann', 'ben'].map((id) => person(id))
  const managers: Record<string, string> = { ann: 'boss', ben: 'elsewhere', boss: 'boss' }
  expect(withTheirManager(people, ({ id }) => managers[id])).toBe(1)
  expect(withTheirManager(people, () => undefined)).toBeNull()
})

test('phone-only people are counted down to the day that is theirs, with Microsoft’s word for it', () => {
  const people = [
    previewed('a', 'readyUntil', '2027-02-01'),
    previewed('b', 'readyUntil', '2027-07-01'),
    previewed('c', 'readyUntil', '2027-02-01'),
    previewed('d', 'ready'),
  ]
  const ends = phoneCountdown(people, MICROSOFT_DATES, Date.parse('2027-01-30T12:00:00Z'))
  expect(ends.map(({ days, people: some, date }) => [days, some.length, date?.id])).toEqual([
    [1, 2, 'smsVoiceRetired'],
    [151, 1, 'smsVoiceRetiredAdministratorsGuests'],
  ])
})
