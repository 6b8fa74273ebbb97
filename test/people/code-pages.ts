/** Bytes of a text in a Windows code page: what Excel saves where nobody says UTF-8. */
export function inCodePage(text: string, page: 'windows-1250' | 'windows-1252'): Uint8Array {
  const decoder = new TextDecoder(page)
  const letters = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
  )
  return Uint8Array.from(text, (letter) => {
    const byte = letters.get(letter)
    if (byte === undefined) throw new RangeError(`${page} has no ${letter}`)
    return byte
  })
}
