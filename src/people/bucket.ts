import { hash } from 'node:crypto'
import { WHOLE_BP } from '../plan/units.ts'

/**
 * A person's fixed place between 0 and 9 999: the first eight bytes, big-endian, of
 * SHA-256 over `salt:objectId` in UTF-8 (object id in lower case), modulo 10 000.
 * Test vectors stand in test/people/bucket.test.ts; changing any of them moves people between waves.
 */
export function bucketOf(salt: string, objectId: string): number {
  const digest = hash('sha256', `${salt}:${objectId.toLowerCase()}`, 'hex')
  return Number(BigInt(`0x${digest.slice(0, 16)}`) % BigInt(WHOLE_BP))
}

/**
 * Where a share of all who are left ends, when the shares before it end at `from`.
 * Ranges are cumulative, so raising a share takes people from later waves and gives none back to them.
 */
export function shareEnd(from: number, shareBp: number): number {
  return from + Math.floor(((WHOLE_BP - from) * shareBp) / WHOLE_BP)
}
