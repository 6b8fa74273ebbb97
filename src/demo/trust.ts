import tls from 'node:tls'

/** This process trusts one more certificate from now on; verification stays as strict as it was. */
export function trust(pem: string): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), pem])
}
