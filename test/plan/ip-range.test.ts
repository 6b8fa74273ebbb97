import { expect, test } from 'vitest'
import { contains, type IpRange, ipRange, isPrivate, isWide } from '../../src/plan/ip-range.ts'

const range = (text: string) => ipRange(text) as IpRange

test.each([
  '203.0.113.0',
  '203.0.113.0/33',
  '203.0.113/24',
  '256.0.0.0/8',
  '1::2::3/64',
  '::/129',
  'HQ',
  '/8',
])('%s is no range of addresses', (text) => expect(ipRange(text)).toBeUndefined())

test('an address is in a range by its first bits, in either version, however it is written', () => {
  expect(contains(range('203.0.113.0/24'), '203.0.113.77')).toBe(true)
  expect(contains(range('203.0.113.0/25'), '203.0.113.200')).toBe(false)
  expect(contains(range('2001:db8::/32'), '2001:0DB8:0:0:0:0:0:1')).toBe(true)
  expect(contains(range('2001:db8::/32'), '203.0.113.77')).toBe(false)
  expect(contains(range('203.0.113.0/24'), 'unknown')).toBe(false)
})

test('what is wide and what is private is data', () => {
  expect(['20.0.0.0/15', '20.0.0.0/16', '2600::/31', '2600::/32'].map((text) => isWide(range(text)))).toEqual(
    [true, false, true, false],
  )
  const privates = ['10.1.2.0/24', '172.31.0.0/16', '192.168.4.0/24', '100.64.0.0/12', 'fd00::/8', '::1/128']
  expect(privates.map((text) => isPrivate(range(text)))).toEqual(privates.map(() => true))
  expect(['172.32.0.0/16', '203.0.113.0/24', '2001:db8::/48'].map((text) => isPrivate(range(text)))).toEqual([
    false,
    false,
    false,
  ])
})
