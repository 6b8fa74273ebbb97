const SMALLEST = 1 << 10
const FULLEST = 0.7

/** How many people have each number: of a million of them in some megabytes. */
export interface NumberTally {
  add(number: number, hasLeft: boolean): void
  /** Rows of people who are here. */
  present(number: number): number
  /** Rows of people who are not, or not any more. */
  left(number: number): number
}

export function numberTally(): NumberTally {
  let keys = new Float64Array(SMALLEST)
  let present = new Uint32Array(SMALLEST)
  let left = new Uint32Array(SMALLEST)
  let used = 0

  /** Where a number stands, or would. No number is 0. */
  const placeOf = (number: number): number => {
    const last = keys.length - 1
    let place = hash(number) & last
    while (keys[place] !== 0 && keys[place] !== number) place = (place + 1) & last
    return place
  }

  const grow = () => {
    const before = { keys, present, left }
    const size = keys.length * 2
    keys = new Float64Array(size)
    present = new Uint32Array(size)
    left = new Uint32Array(size)
    for (const [index, number] of before.keys.entries()) {
      if (number === 0) continue
      const place = placeOf(number)
      keys[place] = number
      present[place] = before.present[index] as number
      left[place] = before.left[index] as number
    }
  }

  return {
    add(number, hasLeft) {
      if (used > keys.length * FULLEST) grow()
      const place = placeOf(number)
      if (keys[place] === 0) used += 1
      keys[place] = number
      const counts = hasLeft ? left : present
      counts[place] = (counts[place] as number) + 1
    },
    present: (number) => present[placeOf(number)] as number,
    left: (number) => left[placeOf(number)] as number,
  }
}

/** Numbers of one country differ in their last digits. */
function hash(number: number): number {
  const low = number % 0x1_0000_0000
  const high = Math.floor(number / 0x1_0000_0000)
  let mixed = Math.imul(low ^ (low >>> 15), 0x2c1b3c6d) ^ Math.imul(high, 0x297a2d39)
  mixed ^= mixed >>> 12
  mixed = Math.imul(mixed, 0x297a2d39)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
