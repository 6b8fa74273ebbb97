import { z } from 'zod'
import { GraphFailure } from './errors.ts'
import { readJson } from './failure-of.ts'

const claims = z.object({
  appid: z.string().nullish(),
  tid: z.string().nullish(),
  roles: z.array(z.string()).nullish(),
  /** Delegated permissions, in a token of a person. */
  scp: z.string().nullish(),
})

/** Who we are to Microsoft Graph. */
export interface AppIdentity {
  applicationId: string | null
  tenantId: string | null
  /** Application permissions that an administrator has consented to. */
  permissions: ReadonlySet<string>
  /** False: the token stands for a person, whom policies and per-user MFA reach. */
  isApplication: boolean
}

/**
 * The claims of an access token. It is Graph's to judge, and Microsoft promises nothing about its inside: what we read
 * here is advice (`doctor`, `plan permissions`), and nothing is refused or done because of it.
 */
export function identityIn(token: string): AppIdentity {
  const read = claims.safeParse(readJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()))
  if (!read.success) {
    const message = 'token: its claims cannot be read; what the application was granted is not known'
    throw new GraphFailure({ kind: 'unreadable', message })
  }
  const { appid, tid, roles, scp } = read.data
  return {
    applicationId: appid ?? null,
    tenantId: tid ?? null,
    permissions: new Set(roles ?? []),
    isApplication: !scp,
  }
}
