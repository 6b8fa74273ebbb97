import tls from 'node:tls'

const MOST = 8
let trusted: string[] = []

/** This process trusts the certificate, and the few it was told of before: a worker meets hundreds of tenants. */
export function trust(certificate: string): void {
  trusted = [...trusted, certificate].slice(-MOST)
  tls.setDefaultCACertificates([...tls.getCACertificates('bundled'), ...trusted])
}
