const FIRST = 1 << 12

type Numbers = { mobile: number; alternateMobile: number }

/** What is kept of each row of a file between two readings: seventeen bytes. */
export interface RowLedger {
  add(status: number, numbers: Numbers): void
  length(): number
  status(index: number): number
  /** The number as a key; 0: none. */
  number(index: number, type: keyof Numbers): number
}

export function rowLedger(): RowLedger {
  let statuses = new Uint8Array(FIRST)
  let mobiles = new Float64Array(FIRST)
  let alternates = new Float64Array(FIRST)
  let length = 0
  const grow = () => {
    const size = statuses.length * 2
    const before = { statuses, mobiles, alternates }
    statuses = new Uint8Array(size)
    mobiles = new Float64Array(size)
    alternates = new Float64Array(size)
    statuses.set(before.statuses)
    mobiles.set(before.mobiles)
    alternates.set(before.alternates)
  }
  return {
    add(status, { mobile, alternateMobile }) {
      if (length === statuses.length) grow()
      statuses[length] = status
      mobiles[length] = mobile
      alternates[length] = alternateMobile
      length += 1
    },
    length: () => length,
    status: (index) => statuses[index] ?? 0,
    number: (index, type) => (type === 'mobile' ? mobiles : alternates)[index] ?? 0,
  }
}
