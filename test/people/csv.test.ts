import { expect, test } from 'vitest'
import { decodeText } from '../../src/people/csv-decode.ts'
import { readPeopleFile } from '../../src/people/csv-people.ts'
import { readTable } from '../../src/people/csv-table.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const names = (bytes: Uint8Array) =>
  readPeopleFile(bytes).rows.map(({ line, name, state }) => [line, name, state])
const problems = (text: string) => readPeopleFile(utf8(text)).problems.map(({ code, line }) => [code, line])

const ANN_AND_BO = [
  [2, 'ann@c.com', 'enabled'],
  [3, 'bo@c.com', 'enforced'],
]

test.each([
  ['a comma and CRLF', 'Username,MFA Status\r\nann@c.com,Enabled\r\nbo@c.com,Enforced\r\n'],
  [
    'a semicolon and a byte order mark',
    '\uFEFFUserPrincipalName;MFAStatus\nann@c.com;enabled\nbo@c.com;ENFORCED',
  ],
  ['tabs and spaces', 'upn\tState\n ann@c.com \tEnabled\nbo@c.com\t Enforced \n'],
  ['quoted cells', '"User Principal Name","Status"\n"ann@c.com","Enabled"\n"bo@c.com","Enforced"\n'],
  ['trailing blank rows', 'Username;MFA Status\nann@c.com;Enabled\nbo@c.com;Enforced\n;\n;;\n\n'],
  ['columns in another order', 'MFA Status,UPN\nEnabled,ann@c.com\nEnforced,bo@c.com'],
])('people are read from a file with %s', (_what, text) => {
  expect(names(utf8(text))).toEqual(ANN_AND_BO)
})

test('a line is counted as an editor counts it, over blank lines and breaks inside quotes', () => {
  const text = 'Name,UPN\n\n"Ann\nof\nSales",ann@c.com\n"Bo",bo@c.com\n'
  expect(names(utf8(text)).map(([line, name]) => [line, name])).toEqual([
    [3, 'ann@c.com'],
    [6, 'bo@c.com'],
  ])
})

test('the line that tells Excel the separator is no header', () => {
  expect(names(utf8('sep=;\r\nUPN;State\r\nann@c.com;Enabled\r\n'))).toEqual([[3, 'ann@c.com', 'enabled']])
})

test('UTF-16 is read with its mark and without, and Windows code pages as a guess that is told', () => {
  const text = 'UPN\nžofie@c.com\n'
  const wide = Buffer.from(text, 'utf16le')
  expect(decodeText(wide)).toEqual({ text, encoding: 'utf-16le', guessed: false })
  expect(names(Buffer.concat([Buffer.from([0xff, 0xfe]), wide]))).toEqual([[2, 'žofie@c.com', 'none']])
  expect(names(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(wide).swap16()]))).toHaveLength(1)
  const danish = readPeopleFile(Buffer.from('UPN\nsøren@c.com\n', 'latin1'))
  expect(danish.rows[0]?.name).toBe('søren@c.com')
  expect(danish.problems).toMatchObject([{ code: 'csvEncodingGuessed', warns: true }])
  const czech = Buffer.concat([utf8('UPN\n'), Buffer.from([0x9d, 0xec]), utf8('@c.com\n')])
  expect(readPeopleFile(czech).rows[0]?.name).toBe('ťě@c.com')
})

test('what is wrong with a file is told with its line', () => {
  expect(problems('')).toEqual([['csvEmpty', 1]])
  expect(problems('UPN;State\n;\n')).toEqual([['csvEmpty', 1]])
  expect(problems('Středisko;Mobil\n7;+45 12345678')).toEqual([['csvColumnMissing', 1]])
  expect(problems('UPN,Username\na,b')).toEqual([['csvColumnTwice', 1]])
  expect(problems('Salary,UPN\n1,ann@c.com')).toEqual([['csvColumnUnread', 1]])
  expect(readTable('UPN\n"ann')).toMatchObject({ is: 'unreadable' })
})

test('a status that is none of the three is unclear, and no status column asks nothing', () => {
  const read = (text: string) => readPeopleFile(utf8(text)).rows.map(({ state }) => state)
  expect(read('UPN,State\na,Disabled\nb,\nc,on')).toEqual(['disabled', 'unclear', 'unclear'])
  expect(read('UPN\na')).toEqual(['none'])
})
