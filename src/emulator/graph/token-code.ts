import { createHmac } from 'node:crypto'
import type { NewToken } from '../directory/hardware-tokens.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Is this code one that the token shows now, or showed in the interval before (a minute at 30 s, two at 60 s)? */
export function isCodeOf(token: NewToken, code: string, now: number): boolean {
  const step = Math.floor(now / 1000 / token.timeIntervalInSeconds)
  return [step, step - 1].some((one) => codeAt(token, one) === code)
}

/** RFC 4226 with the time as its counter (RFC 6238). */
function codeAt({ secretKey, hashFunction }: NewToken, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac(hashFunction.slice('hmac'.length), bytesOf(secretKey)).update(counter).digest()
  const offset = (digest.at(-1) as number) & 0x0f
  const number = digest.readUInt32BE(offset) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

function bytesOf(base32: string): Buffer {
  const bits = [...base32.replace(/=+$/, '')]
    .map((letter) => ALPHABET.indexOf(letter.toUpperCase()).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
