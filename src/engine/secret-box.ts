import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'

/** Seals what must not stand in the database as it is. */
export interface SecretBox {
  /** `place` says what it is the secret of: sealed for one place, it opens in no other. */
  seal(text: string, place: string): string
  /** undefined: sealed with another key, for another place, or damaged. */
  open(sealed: string, place: string): string | undefined
}

const VERSION = 'v1'
const NONCE = 12
const TAG = 16

/** AES-256-GCM with a key derived from the one in the environment, which never lies beside the database. */
export function createSecretBox(secretKey: string, installation: string): SecretBox {
  let derived: Buffer | undefined
  const key = () => {
    derived ??= scryptSync(secretKey, `wavegate/${installation}`, 32)
    return derived
  }
  return {
    seal(text, place) {
      const nonce = randomBytes(NONCE)
      const cipher = createCipheriv('aes-256-gcm', key(), nonce, { authTagLength: TAG }).setAAD(
        Buffer.from(place),
      )
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${VERSION}.${sealed.toString('base64url')}`
    },
    open(sealed, place) {
      const [version, body = ''] = sealed.split('.')
      const bytes = Buffer.from(body, 'base64url')
      if (version !== VERSION || bytes.length < NONCE + TAG) return undefined
      const options = { authTagLength: TAG }
      const decipher = createDecipheriv('aes-256-gcm', key(), bytes.subarray(0, NONCE), options)
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(-TAG))
      try {
        return decipher.update(bytes.subarray(NONCE, -TAG), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        return undefined
      }
    },
  }
}
