import { expect, test } from 'vitest'
import { type PhoneType, readPhone } from '../../src/people/phone-number.ts'
import { maskedPhone, needsLook, sayReading, sayWarning } from '../../src/people/phone-words.ts'

// What administrators find in directories and files, each with its verdict: mfa-field.md, 5.3.
const table: [typed: string, region: string | undefined, verdict: string, type?: PhoneType][] = [
  ['+420 777123456', undefined, 'ok +420 777123456'],
  ['+420777123456', undefined, 'repaired +420 777123456: spacing'],
  ['00420 777 123 456', undefined, 'repaired +420 777123456: double zero for +'],
  ['777 123 456', 'CZ', 'repaired +420 777123456: country added'],
  ['777 123 456', undefined, 'ask countryUnknown'],
  ['777 123 456', 'Czechia', 'ask countryUnknown'],
  ['(+44) 0 7911 123456', undefined, 'repaired +44 7911123456: punctuation, trunk 0'],
  ['+44 (0)7911 123456', undefined, 'repaired +44 7911123456: punctuation, trunk 0'],
  ['0049-151-23456789', undefined, 'repaired +49 15123456789: punctuation, double zero for +'],
  ['8.79112E+11', 'CZ', 'unusable scientific'],
  ['4.20777E+11', 'CZ', 'unusable scientific'],
  ['4,20777E+11', 'CZ', 'unusable scientific'],
  ['420777123456', undefined, 'ask ambiguous, perhaps +420 777123456'],
  ['420777123456', 'CZ', 'ask ambiguous, perhaps +420 777123456'],
  ['420777123456', 'DE', 'ask ambiguous, perhaps +420 777123456'],
  ['+1 (425) 123-4567 x89', undefined, 'unusable extension'],
  ['+1 4251234567x89', undefined, 'unusable extension', 'alternateMobile'],
  ['+1 4251234567X12345', undefined, 'ok +1 4251234567x12345', 'office'],
  ['777123456/777654321', 'CZ', 'ask twoNumbers'],
  ['+420777123456 +420777654321', undefined, 'ask twoNumbers'],
  ['0151/23456789', 'DE', 'repaired +49 15123456789: punctuation, country added'],
  ['viz sekretariát', 'CZ', 'empty'],
  ['-', 'CZ', 'empty'],
  ['N/A', 'CZ', 'empty'],
  ['0', 'CZ', 'empty'],
  ['000000000', 'CZ', 'empty'],
  ['', 'CZ', 'empty'],
  ['+420\u00A0777\u00A0123\u00A0456', undefined, 'repaired +420 777123456: invisible characters'],
  ['+420 777\u200B123456', undefined, 'repaired +420 777123456: invisible characters'],
  ['＋４２０ ７７７１２３４５６', undefined, 'repaired +420 777123456: full-width digits'],
  ['777123456.0', 'CZ', 'repaired +420 777123456: decimal point behind, country added'],
  ['420777123456.0', 'CZ', 'ask ambiguous, perhaps +420 777123456'],
  ["'+420777123456", undefined, 'repaired +420 777123456: apostrophe in front'],
  ['tel:+420777123456', undefined, 'repaired +420 777123456: tel: in front'],
  ['777 123 456 (mother’s)', 'CZ', 'ask words'],
  ['14255550123', 'US', 'repaired +1 4255550123: country added'],
  ['0151 23456789', 'DE', 'repaired +49 15123456789: country added'],
  ['06 698 12345', 'IT', 'repaired +39 0669812345: country added'],
  ['+420 777', undefined, 'unusable impossible'],
  [`+420 ${'7'.repeat(300)}`, undefined, 'ask words'],
]

test.each(table)('%s of %s is %s', (typed, region, verdict, type = 'mobile') => {
  const reading = readPhone(typed, { type, region })
  const said = () => {
    switch (reading.is) {
      case 'ok':
        return `ok ${reading.number}`
      case 'repaired':
        return `repaired ${reading.number}: ${reading.repairs.join(', ')}`
      case 'empty':
        return 'empty'
      case 'ask':
        return `ask ${reading.why}${reading.perhaps ? `, perhaps ${reading.perhaps}` : ''}`
      case 'unusable':
        return `unusable ${reading.why}`
    }
  }
  expect(said()).toBe(verdict)
  // Words for whoever has to look, and never the number in them.
  const words = sayReading(reading)
  expect(words === undefined).toBe('number' in reading)
  expect(words ?? '').not.toMatch(/\d{4}/)
})

const kinds: [typed: string, type: PhoneType, warns: string[], looks: boolean][] = [
  ['+420 224002400', 'mobile', ['landline', 'optIn'], false],
  ['+33 142685300', 'mobile', ['landline'], false],
  ['+33 142685300', 'office', [], false],
  ['+33 612345678', 'mobile', [], false],
  ['+420 900123456', 'mobile', ['premium', 'optIn'], true],
  ['+44 5612345678', 'mobile', ['voip', 'optIn'], false],
  ['+44 7911123456', 'mobile', ['optIn'], false],
  ['+1 8005550123', 'mobile', ['noPersonalLine'], true],
  ['+1 4251234567', 'mobile', ['notInPlan'], true],
]

test.each(kinds)('%s as %s warns of %j', (typed, type, warns, looks) => {
  const reading = readPhone(typed, { type })
  if (!('warns' in reading)) throw new Error(`no number: ${reading.is}`)
  expect(reading.warns.map(({ is }) => is)).toEqual(warns)
  expect(reading.warns.some(needsLook)).toBe(looks)
})

test('a country that needs asking for comes with the text of the ticket', () => {
  const reading = readPhone('+49 15123456789', { type: 'mobile' })
  if (reading.is !== 'ok') throw new Error(reading.is)
  expect(reading.warns.map(sayWarning)).toEqual([
    expect.stringContaining('Please enable text messages and voice calls of Microsoft Entra multifactor'),
  ])
  expect(reading.warns.map(sayWarning)[0]).toContain('+49 (DE)')
  // A number of Guernsey, by its range; Microsoft lists +44 as the United Kingdom.
  const island = readPhone('+44 7911123456', { type: 'mobile' })
  expect('warns' in island && island.warns.map(sayWarning)).toEqual([
    expect.stringMatching(/^numbers of GB need asking for .* to numbers of \+44 \(GB\)/),
  ])
})

test('a number read once is read the same again', () => {
  for (const [typed, region, , type = 'mobile'] of table) {
    const reading = readPhone(typed, { type, region })
    if ('number' in reading) {
      expect(readPhone(reading.number, { type })).toMatchObject({ is: 'ok', number: reading.number })
    }
  }
})

test('what is shown of a number is its country and its last three digits', () => {
  expect(maskedPhone('+45 12345678')).toBe('+45 *** 678')
  expect(maskedPhone('+1 4255550123x89')).toBe('+1 *** 123')
  expect(maskedPhone('rubbish 4255550123')).toBe('***')
  expect(maskedPhone('+45 12-34 56 78')).toBe('+45 *** 678')
  expect(maskedPhone('004512345678')).toBe('*** 678')
  expect(maskedPhone('+45 1234')).toBe('***')
})
