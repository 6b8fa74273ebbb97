// The connection was never made, or the other end is not who it says: no byte of the request has left.
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Why `fetch` threw, and whether the server can have seen the request. */
export function noAnswer(error: unknown): { text: string; neverSent: boolean } {
  if (!(error instanceof Error)) return { text: String(error), neverSent: false }
  const { cause } = error
  if (!(cause instanceof Error)) return { text: error.message, neverSent: false }
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  return { text: code || cause.message, neverSent: neverSent.has(code) }
}
