import { GraphFailure } from '../graph/errors.ts'

export interface OnTheWay {
  /** So many more have been sent. */
  sent(people: number): void
  /** No further reading; resolves when the one under way has been recorded. */
  end(): Promise<void>
}

/**
 * Reads back beside the sending, one reading at a time, whenever enough people have been sent since the last began:
 * nobody who waits to be sent waits for a reading.
 */
export function onTheWay(enough: number, readBack: () => Promise<void>): OnTheWay {
  let since = 0
  let reading: Promise<void> | undefined
  let failure: unknown
  let isOver = false
  const begin = () => {
    since = 0
    reading = readBack()
      .catch((error: unknown) => {
        if (!(error instanceof GraphFailure)) failure ??= error
      })
      .finally(() => {
        reading = undefined
        next()
      })
  }
  const next = () => {
    if (!isOver && reading === undefined && since >= enough) begin()
  }
  return {
    sent(people) {
      since += people
      next()
    },
    async end() {
      isOver = true
      await reading
      if (failure !== undefined) throw failure
    },
  }
}
