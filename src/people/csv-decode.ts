import { codePageGuess } from './csv-code-page.ts'

/** The text of a file, and what its bytes were taken for. */
export type Decoded = { text: string } & Encoded
export type Encoded = { encoding: Encoding; guessed: boolean }
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1250' | 'windows-1252'

const LOOKED_AT = 1_000

/** Finds out what the bytes of a file are, part by part. */
export interface EncodingScan {
  add(bytes: Uint8Array): void
  end(): Encoded
}

/**
 * By its byte order mark; else UTF-8 where it is that, UTF-16 where every other byte of the beginning is zero, and a
 * Windows code page otherwise, which is a guess.
 */
export function encodingScan(): EncodingScan {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  const pages = codePageGuess()
  let head: number[] = []
  let isUtf8 = true
  return {
    add(bytes) {
      if (head.length < LOOKED_AT) head = [...head, ...bytes.subarray(0, LOOKED_AT - head.length)]
      isUtf8 = isUtf8 && fits(utf8, bytes)
      pages.add(bytes)
    },
    end() {
      const wide = markOf(head) ?? wideBytes(head)
      if (wide !== undefined) return { encoding: wide, guessed: false }
      if (isUtf8 && fits(utf8)) return { encoding: 'utf-8', guessed: false }
      return { encoding: pages.guess(), guessed: true }
    },
  }
}

/** The whole text of bytes that are all here. */
export function decodeText(bytes: Uint8Array): Decoded {
  const scan = encodingScan()
  scan.add(bytes)
  const { encoding, guessed } = scan.end()
  return { text: new TextDecoder(encoding).decode(bytes), encoding, guessed }
}

/** The text of a file, part by part; a letter that two parts share is put together. */
export async function* decodeParts(
  parts: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding)
  for await (const part of parts) {
    for (const piece of pieces(part)) yield decoder.decode(piece, { stream: true })
  }
  yield decoder.decode()
}

/** What is parsed at once: its rows are in memory together. */
const PIECE = 65_536

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += PIECE) yield bytes.subarray(start, start + PIECE)
}

function fits(utf8: InstanceType<typeof TextDecoder>, bytes?: Uint8Array): boolean {
  try {
    if (bytes === undefined) utf8.decode()
    for (const piece of bytes === undefined ? [] : pieces(bytes)) utf8.decode(piece, { stream: true })
    return true
  } catch {
    return false
  }
}

function markOf(bytes: readonly number[]): Encoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined
}

function wideBytes(head: readonly number[]): 'utf-16le' | 'utf-16be' | undefined {
  let even = 0
  let odd = 0
  for (const [index, byte] of head.entries()) if (byte === 0) index % 2 === 0 ? even++ : odd++
  const most = head.length / 4
  if (odd > most && even === 0) return 'utf-16le'
  return even > most && odd === 0 ? 'utf-16be' : undefined
}
