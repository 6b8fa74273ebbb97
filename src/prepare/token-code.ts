import { Secret, TOTP } from 'otpauth'

/** What the codes of a token are made of. */
export interface TokenSeed {
  /** Base32. */
  secret: string
  seconds: number
  hash: string
}

/** The six digits that a token shows at a moment (RFC 6238). */
export function tokenCode({ secret, seconds, hash }: TokenSeed, at: number): string {
  const algorithm = hash === 'hmacsha256' ? 'SHA256' : 'SHA1'
  const totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm, digits: 6, period: seconds })
  return totp.generate({ timestamp: at })
}

/** Until the token shows the next one, milliseconds. */
export function untilNextCode({ seconds }: Pick<TokenSeed, 'seconds'>, at: number): number {
  const period = seconds * 1_000
  return period - (at % period)
}
