const FIRST = 1 << 12

type Numbers = { mobile: number; alternateMobile: number }

/** What is kept of each row of a file between two readings: thirteen bytes, eight more where rows have a second number. */
export interface RowLedger {
  add(line: number, status: number, numbers: Numbers): void
  line(index: number): number
  length(): number
  status(index: number): number
  /** The number as a key; 0: none. */
  number(index: number, type: keyof Numbers): number
}

export function rowLedger(): RowLedger {
  let lines = new Uint32Array(FIRST)
  let statuses = new Uint8Array(FIRST)
  let mobiles = new Float64Array(FIRST)
  // Few files have a second number at all.
  let alternates: Float64Array | undefined
  let length = 0
  const grow = () => {
    const size = statuses.length * 2
    const before = { lines, statuses, mobiles, alternates }
    lines = new Uint32Array(size)
    statuses = new Uint8Array(size)
    mobiles = new Float64Array(size)
    lines.set(before.lines)
    statuses.set(before.statuses)
    mobiles.set(before.mobiles)
    if (before.alternates) {
      alternates = new Float64Array(size)
      alternates.set(before.alternates)
    }
  }
  return {
    add(line, status, { mobile, alternateMobile }) {
      if (length === statuses.length) grow()
      lines[length] = line
      statuses[length] = status
      mobiles[length] = mobile
      if (alternateMobile !== 0) alternates ??= new Float64Array(statuses.length)
      if (alternates) alternates[length] = alternateMobile
      length += 1
    },
    line: (index) => lines[index] ?? 0,
    length: () => length,
    status: (index) => statuses[index] ?? 0,
    number: (index, type) => (type === 'mobile' ? mobiles : alternates)?.[index] ?? 0,
  }
}
