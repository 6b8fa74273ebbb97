import { generate } from 'selfsigned'
import { wallTime } from './wall-time.ts'

export interface Certificate {
  key: string
  cert: string
}

const DAY = 86_400_000

/**
 * A certificate of its own for localhost, which a client trusts once it is told of it as an authority. `name` must
 * differ from tenant to tenant: OpenSSL looks for an authority by its subject, and takes the first.
 */
export async function ownCertificate(name: string): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(wallTime() - DAY),
    notAfterDate: new Date(wallTime() + 365 * DAY),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { key: made.private, cert: made.cert }
}
