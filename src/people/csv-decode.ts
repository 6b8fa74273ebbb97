/** The text of a file, and what its bytes were taken for. */
export type Decoded = { text: string; encoding: Encoding; guessed: boolean }
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1250' | 'windows-1252'

/** These five stand for nothing in windows-1252; three of them are Central European letters. */
const NOT_IN_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])
const LOOKED_AT = 1_000

/**
 * By its byte order mark; else UTF-8 where it is that, UTF-16 where every other byte of the beginning is zero, and a
 * Windows code page otherwise, which is a guess.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decoded(bytes, 'utf-16le')
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decoded(bytes, 'utf-16be')
  const wide = wideBytes(bytes.subarray(0, LOOKED_AT))
  if (wide !== undefined) return decoded(bytes, wide)
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true }).decode(bytes),
      encoding: 'utf-8',
      guessed: false,
    }
  } catch {
    const encoding = bytes.some((byte) => NOT_IN_1252.has(byte)) ? 'windows-1250' : 'windows-1252'
    return decoded(bytes, encoding, true)
  }
}

function decoded(bytes: Uint8Array, encoding: Encoding, guessed = false): Decoded {
  return { text: new TextDecoder(encoding).decode(bytes), encoding, guessed }
}

function wideBytes(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  let even = 0
  let odd = 0
  for (const [index, byte] of head.entries()) if (byte === 0) index % 2 === 0 ? even++ : odd++
  const most = head.length / 4
  if (odd > most && even === 0) return 'utf-16le'
  return even > most && odd === 0 ? 'utf-16be' : undefined
}
