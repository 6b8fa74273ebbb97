import { expect, test } from 'vitest'
import { readPeopleFile } from '../../src/people/csv-people.ts'
import { numbersInFile } from '../../src/people/csv-phone-entries.ts'
import type { Person } from '../../src/people/person.ts'
import { type PhoneEntry, phoneWishes } from '../../src/people/phone-wishes.ts'
import { withRegisteredPhones } from '../../src/people/registered-phones.ts'

const entry = (id: string, typed: string | null, more: Partial<PhoneEntry> = {}): PhoneEntry => ({
  ...{ id, typed, hasLeft: false },
  ...more,
})
const mobile = { type: 'mobile', region: 'CZ' } as const
const said = (people: PhoneEntry[]) =>
  Object.fromEntries(
    [...phoneWishes(people, mobile)].map(([id, wish]) => [id, wish.is === 'number' ? wish.number : wish.why]),
  )

test('each gets their number in Graph’s form, by their own country before the plan’s; the others need a look, and why', () => {
  expect(
    said([
      entry('own', '+420 777123456'),
      entry('home', '777 123 457'),
      entry('abroad', '0151 23456789', { region: 'DE' }),
      entry('none', null),
      entry('excel', '4.20777E+11'),
      entry('costly', '+420 900123456'),
    ]),
  ).toEqual({
    own: '+420 777123456',
    home: '+420 777123457',
    abroad: '+49 15123456789',
    none: 'no number',
    excel: 'a spreadsheet has rounded the number, and its last digits are lost',
    costly: 'a number that costs the caller more',
  })
})

test('a number on several people, the manager’s and a leaver’s are given to nobody before somebody has looked', () => {
  expect(
    said([
      ...['a', 'b', 'c'].map((id) => entry(id, '224 002 400')),
      entry('boss', '+420 777123456'),
      entry('assistant', '00420777123456', { managerId: 'boss' }),
      entry('leaver', '777111222', { hasLeft: true }),
      entry('newcomer', '+420 777 111 222'),
    ]),
  ).toMatchObject({
    a: 'the same number is on 2 other people',
    boss: '+420 777123456',
    assistant: 'the number is the manager’s',
    newcomer: 'the number was that of somebody who left',
  })
})

test('a file gives numbers by sign-in name, mail or employee id; two rows that contradict are a question', () => {
  const person = (id: string, more: Partial<Person>): Person => ({
    ...{ id, upn: `${id}@contoso.com`, displayName: id, accountEnabled: true, userType: 'Member' },
    ...{ usageLocation: 'CZ', ...more },
  })
  const people = [
    person('ann', {}),
    person('bob', { mail: 'bob.b@contoso.com' }),
    person('cid', { employeeId: '1234' }),
    person('dan', {}),
    person('eve', {}),
  ]
  const csv = [
    'UPN;E-mail;Osobní číslo;Mobil',
    'ann@contoso.com;;;777 123 456',
    ';bob.b@contoso.com;;"+420 777 123 457"',
    ';;1234;777123458',
    'dan@contoso.com;;;777123459',
    'dan@contoso.com;;;777123460',
    'ann@contoso.com;;;+420777123456',
    'eve@contoso.com;;;',
    'nobody@contoso.com;;;777123461',
  ].join('\r\n')
  const found = numbersInFile(readPeopleFile(Buffer.from(csv)), people, 'mobile')
  expect(Object.fromEntries(found)).toEqual({
    ann: { typed: '777 123 456' },
    bob: { typed: '+420 777 123 457' },
    cid: { typed: '777123458' },
    dan: { typed: '777123459', doubt: 'lines 5 and 6 of the file give different numbers' },
  })
  expect(said([entry('dan', '777123459', { doubt: found.get('dan')?.doubt })])).toEqual({
    dan: 'lines 5 and 6 of the file give different numbers',
  })
})

test('a number that was read back counts beside a report that is behind, and not against one that must know', () => {
  const hour = 3_600_000
  const row = (id: string, at: number | null) => ({
    ...{ id, isMfaCapable: false, methodsRegistered: [] as string[] },
    lastUpdatedDateTime: at === null ? null : new Date(at).toISOString(),
  })
  const rows = [row('behind', 9 * hour), row('silent', null), row('knows', 30 * hour), row('other', hour)]
  const phones = new Map(
    ['behind', 'silent', 'knows'].map((id) => [id, { type: 'mobile', at: 10 * hour } as const]),
  )
  const shown = withRegisteredPhones(rows, phones, 12 * hour)
  expect(
    shown.map(({ id, isMfaCapable, methodsRegistered }) => [id, isMfaCapable, methodsRegistered]),
  ).toEqual([
    ['behind', true, ['mobilePhone']],
    ['silent', true, ['mobilePhone']],
    ['knows', false, []],
    ['other', false, []],
  ])
})
