import { ClientSecretCredential, type TokenCredential } from '@azure/identity'
import type { Clock } from '../clock/clock.ts'
import { attemptSignal } from './attempt-signal.ts'
import { GraphFailure } from './errors.ts'

export const graphScope = 'https://graph.microsoft.com/.default'

const publicAuthority = 'https://login.microsoftonline.com'

export interface ClientSecret {
  tenantId: string
  clientId: string
  clientSecret: string
  /** `https:`; default: Microsoft's public one. */
  authorityHost?: string
}

/** Builds the credential anew each time: a token cached in the old one was refused. */
export type CredentialSource = () => TokenCredential

export function clientSecretCredential(secret: ClientSecret): CredentialSource {
  const authorityHost = secret.authorityHost ?? publicAuthority
  return () =>
    new ClientSecretCredential(secret.tenantId, secret.clientId, secret.clientSecret, {
      authorityHost,
      // Otherwise MSAL asks the public cloud first whether the authority is one of its own, which fails offline.
      disableInstanceDiscovery: new URL(authorityHost).origin !== publicAuthority,
      // It would sleep on the machine's time, where nobody sees it; the caller repeats, on the clock.
      retryOptions: { maxRetries: 0 },
    })
}

export interface Tokens {
  /** A valid access token, mostly from the credential's cache. Failures: `unauthenticated`, `unavailable`. */
  get(): Promise<string>
  /** The token was refused: the next `get` asks the authority again, once for all who were refused the same one. */
  refused(token: string): void
}

/** As long as this before its end a token is used without asking the credential again, as MSAL does; milliseconds. */
const EARLY = 300_000

/** `wall`: the machine's own time, by which tokens end. Without it the credential is asked each time. */
export function createTokens(source: CredentialSource, wall?: Pick<Clock, 'now'>): Tokens {
  // Made with the first token: whoever only reads the database needs no tenant.
  let credential: TokenCredential | undefined
  let latest: string | undefined
  let goodUntil = Number.NEGATIVE_INFINITY
  // MSAL asks the authority once per caller while its cache is empty.
  let asked: Promise<string> | undefined

  async function ask(): Promise<string> {
    credential ??= source()
    try {
      const token = await credential.getToken(graphScope, { abortSignal: attemptSignal() })
      if (token === null) throw new Error('the credential gave no token')
      latest = token.token
      goodUntil = Math.min(token.expiresOnTimestamp - EARLY, token.refreshAfterTimestamp ?? Infinity)
      return token.token
    } catch (error) {
      throw credentialFailure(error)
    }
  }

  return {
    get() {
      if (asked) return asked
      if (latest !== undefined && wall !== undefined && wall.now() < goodUntil) return Promise.resolve(latest)
      const mine = ask().finally(() => {
        if (asked === mine) asked = undefined
      })
      asked = mine
      return mine
    },
    refused(token) {
      if (token !== latest) return
      latest = undefined
      asked = undefined
      credential = undefined
    },
  }
}

/**
 * An answer of the authority carries AADSTS and a number; without one it was not reached (verified with 4.14: neither
 * the class nor a status tells the two apart).
 */
function credentialFailure(error: unknown): GraphFailure {
  const text = error instanceof Error ? error.message : String(error)
  const answered = /AADSTS\d+|invalid_client|unauthorized_client/.test(text)
  return new GraphFailure({
    kind: answered ? 'unauthenticated' : 'unavailable',
    message: `token: ${text}`,
    code: /AADSTS\d+/.exec(text)?.[0],
    cause: error,
  })
}
