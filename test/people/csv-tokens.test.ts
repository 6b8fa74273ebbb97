import { expect, test } from 'vitest'
import { beginsTokenList, readTokenFile } from '../../src/people/csv-tokens.ts'

const HEAD = 'upn,serial number,secret key,time interval,manufacturer,model'
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const read = (...rows: string[]) => readTokenFile(Buffer.from([HEAD, ...rows].join('\r\n')))
const row = (more: Partial<Record<'upn' | 'serial' | 'secret' | 'seconds' | 'model', string>> = {}) => {
  const { upn = 'ann@contoso.com', serial = 'T1', secret = SECRET, seconds = '30', model = 'One' } = more
  return [upn, serial, secret, seconds, 'Contoso', model].join(',')
}

test('a vendor’s list is read as it comes: any case, blanks and padding in a secret', () => {
  const secret = `${SECRET.toLowerCase().replace(/(.{4})/g, '$1 ')}====`
  expect(
    read(row({ upn: 'Ann@Contoso.com', secret }), row({ upn: 'bo', serial: 'T2', seconds: '60' })),
  ).toEqual({
    tokens: [
      {
        line: 2,
        upn: 'ann@contoso.com',
        serial: 'T1',
        secret: SECRET,
        seconds: 30,
        hash: 'hmacsha1',
        manufacturer: 'Contoso',
        model: 'One',
      },
      expect.objectContaining({ line: 3, upn: 'bo', seconds: 60 }),
    ],
    findings: [],
    problems: [],
  })
  const hashed = `${HEAD},hash function\n${row()},SHA-256\n${row({ upn: 'bo', serial: 'T2' })},md5`
  const { tokens, findings } = readTokenFile(Buffer.from(hashed))
  expect(tokens).toMatchObject([{ hash: 'hmacsha256' }])
  expect(findings).toMatchObject([{ line: 3, message: 'The hash function is neither sha1 nor sha256.' }])
})

test.each([
  ['no base32', { secret: 'GEZDGNBVGY3TQOJ1' }, 'csvTokenUnusable'],
  ['too short', { secret: 'GEZDGNBV' }, 'csvTokenUnusable'],
  ['of another interval', { seconds: '45' }, 'csvTokenUnusable'],
  ['without a number', { serial: '' }, 'csvTokenUnusable'],
  ['without a model', { model: '' }, 'csvTokenUnusable'],
  ['of nobody', { upn: '' }, 'csvTokenUnusable'],
  ['whose number somebody else has', { serial: 't9' }, 'csvTokenTwice'],
  ['beside another of the same person', { upn: 'BO@contoso.com' }, 'csvTokenTwice'],
])('a row %s is a finding that quotes no secret, and nobody’s token', (_what, change, code) => {
  const { tokens, findings } = read(row(change), row({ upn: 'bo@contoso.com', serial: 'T9' }))
  expect(findings[0]).toMatchObject({ line: 2, code })
  expect(tokens.map(({ line }) => line)).toEqual(code === 'csvTokenTwice' ? [] : [3])
  expect(JSON.stringify(findings)).not.toMatch(/GEZDGNBV/)
})

test('what is no such list is refused, without a piece of it in the words', () => {
  const refusals = [
    '',
    HEAD,
    'UPN,Mobile\nann,1',
    `${HEAD},Secret Key\n${row()},x`,
    `${HEAD}\nann,"T1,${SECRET}`,
  ].map((text) => readTokenFile(Buffer.from(text)))
  expect(refusals.map(({ problems }) => problems[0]?.code)).toEqual([
    'csvEmpty',
    'csvEmpty',
    'csvColumnMissing',
    'csvColumnTwice',
    'csvUnreadable',
  ])
  expect(JSON.stringify(refusals)).not.toContain(SECRET)
  expect(refusals.every(({ tokens }) => tokens.length === 0)).toBe(true)
})

test('its beginning gives it away, in any form of a table', () => {
  for (const text of [
    HEAD,
    HEAD.replaceAll(',', ';'),
    `sep=;\r\nUPN;Secret_Key\r\na;b`,
    `\uFEFF"Secret Key"\n`,
  ])
    expect(beginsTokenList(Buffer.from(text))).toBe(true)
  for (const text of ['', 'UPN,Mobile\nann,"secret key"', 'a\nsecret key'])
    expect(beginsTokenList(Buffer.from(text))).toBe(false)
})
