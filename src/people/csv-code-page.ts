/** These five stand for nothing in windows-1252; three of them are Central European letters. */
const NOT_IN_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])

/** Letters of one code page that are common, where the other has a sign or a rare letter. */
const CENTRAL: Readonly<Record<number, number>> = {
  ...{ 138: 2, 154: 2, 142: 3, 158: 3, 236: 2, 204: 2, 217: 1, 249: 1 },
  ...{ 185: 3, 179: 3, 163: 2, 191: 3, 175: 3, 156: 2, 140: 2, 159: 2, 190: 3, 188: 3, 165: 2 },
  ...{ 245: 1, 251: 1, 213: 1, 219: 1, 234: 1, 227: 1 },
}
const WESTERN: Readonly<Record<number, number>> = {
  ...{ 229: 3, 197: 3, 224: 2, 192: 2, 170: 2, 186: 2, 241: 1, 209: 1 },
}
/** A consonant in windows-1250 (ř, č, ň, ď, ć), a vowel in windows-1252 (ø, è, ò, ï, æ). */
const CONSONANT_OR_VOWEL = new Set([0xf8, 0xd8, 0xe8, 0xc8, 0xf2, 0xd2, 0xef, 0xcf, 0xe6, 0xc6])
/** Vowels that are the same in both: a e i o u y, á é í ó ú ý ä ë ö ü; and ě, which is ì. */
const VOWELS = new Set([
  ...[...'aeiouyAEIOUY'].map((letter) => letter.charCodeAt(0)),
  ...[0xe1, 0xe9, 0xed, 0xf3, 0xfa, 0xfd, 0xe4, 0xeb, 0xf6, 0xfc, 0xec, 0xf9],
  ...[0xc1, 0xc9, 0xcd, 0xd3, 0xda, 0xdd, 0xc4, 0xcb, 0xd6, 0xdc],
])

/** Which of two Windows code pages a text is in, by the letters it has and what stands beside them. A guess. */
export interface CodePageGuess {
  add(bytes: Uint8Array): void
  guess(): 'windows-1250' | 'windows-1252'
}

export function codePageGuess(): CodePageGuess {
  let central = 0
  let western = 0
  let isCentral = false
  return {
    add(bytes) {
      for (let at = 0; at < bytes.length; at += 1) {
        const byte = bytes[at] as number
        if (byte < 0x80) continue
        if (NOT_IN_1252.has(byte)) isCentral = true
        else if (CONSONANT_OR_VOWEL.has(byte)) {
          // Between consonants stands a vowel.
          const isBesideVowel = VOWELS.has(bytes[at - 1] ?? 0) || VOWELS.has(bytes[at + 1] ?? 0)
          if (isBesideVowel) central += 1
          else western += 1
        } else {
          central += CENTRAL[byte] ?? 0
          western += WESTERN[byte] ?? 0
        }
      }
    },
    guess: () => (isCentral || central > western ? 'windows-1250' : 'windows-1252'),
  }
}
