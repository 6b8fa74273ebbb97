import { createHmac, timingSafeEqual } from 'node:crypto'
import type { TenantSettings } from '../graph/route.ts'
import { wallTime } from './wall-time.ts'

/** A bearer token of the tenant's authority. It carries its own end, so that it is good after a restart too. */
export function issueToken(settings: TenantSettings): { token: string; lifetime: number } {
  const now = Math.floor(wallTime() / 1000)
  const claims = {
    aud: 'https://graph.microsoft.com',
    iss: `https://sts.windows.net/${settings.tenantId}/`,
    iat: now,
    exp: now + settings.tokenLifetime,
    appid: settings.clientId,
    tid: settings.tenantId,
    roles: [...settings.permissions],
  }
  const content = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`
  return { token: `${content}.${signature(content, settings)}`, lifetime: settings.tokenLifetime }
}

/** Was the token issued here, and does it still live? */
export function isGoodToken(token: string, settings: TenantSettings): boolean {
  const [head, claims, signed] = token.split('.')
  if (!head || !claims || !signed) return false
  const expected = Buffer.from(signature(`${head}.${claims}`, settings))
  const given = Buffer.from(signed)
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return false
  const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number }
  return exp * 1000 > wallTime()
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function signature(content: string, settings: TenantSettings): string {
  return createHmac('sha256', settings.clientSecret).update(content).digest('base64url')
}
