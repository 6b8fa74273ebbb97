/** Graph's clock against ours. */
export interface ClockReading {
  /** How far Graph's clock is ahead of ours, milliseconds; negative: behind. 0: no answer shows a difference. */
  skew: number
  /** When it was read, by our clock, milliseconds since the epoch. */
  at: number
}

export interface GraphClock {
  /** Graph said `date` in an answer to what was sent at `sentAt` and answered by `answeredAt`, both by our clock. */
  heard(date: number, sentAt: number, answeredAt: number): void
  /** Null: Graph has not said its time yet. */
  reading(): ClockReading | null
}

/** `Date` is cut to whole seconds. */
const dateStep = 1_000

/** Keeps what the latest answer showed: the least difference that explains its `Date` header. */
export function createGraphClock(): GraphClock {
  let latest: ClockReading | null = null
  return {
    heard(date, sentAt, answeredAt) {
      const least = date - answeredAt
      const most = date + dateStep - sentAt
      latest = { skew: least > 0 ? least : Math.min(0, most), at: answeredAt }
    },
    reading: () => latest,
  }
}
