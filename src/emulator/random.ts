/** Mixes numbers into one of 32 bits, so that a draw depends on what it is about and not on when it is made. */
export function mix(seed: number, ...keys: number[]): number {
  let state = seed | 0
  for (const key of keys) {
    state = Math.imul(state ^ (key | 0), 0x9e3779b1)
    state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    state ^= state >>> 13
  }
  state = Math.imul(state ^ (state >>> 16), 0xc2b2ae35)
  return (state ^ (state >>> 16)) >>> 0
}

/** The same for text (FNV-1a). */
export function textHash(text: string): number {
  let hash = 0x811c9dc5
  for (let place = 0; place < text.length; place++) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
  }
  return hash >>> 0
}

export type Dice = () => number

/** A generator (mulberry32) of numbers from 0 up to 1, started from a seed and what the draws are about. */
export function dice(seed: number, ...keys: number[]): Dice {
  let state = mix(seed, ...keys)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let drawn = Math.imul(state ^ (state >>> 15), 1 | state)
    drawn = (drawn + Math.imul(drawn ^ (drawn >>> 7), 61 | drawn)) ^ drawn
    return ((drawn ^ (drawn >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick<T>(roll: Dice, list: readonly T[]): T {
  return list[Math.floor(roll() * list.length)] as T
}

export function between(roll: Dice, low: number, high: number): number {
  return low + roll() * (high - low)
}

/** A GUID of version 4 that depends on nothing but its seed and what it names. */
export function guid(seed: number, name: string): string {
  const about = textHash(name)
  let digits = ''
  for (let part = 0; part < 4; part++)
    digits += mix(seed, about, part, name.length).toString(16).padStart(8, '0')
  const variant = '89ab'[Number.parseInt(digits[16] as string, 16) & 3]
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`
}
