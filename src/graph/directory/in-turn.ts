/** Lets through so many at a time, first come first served. */
export function inTurn(width: number): <T>(run: () => Promise<T>) => Promise<T> {
  let under = 0
  const waiting: (() => void)[] = []
  return async (run) => {
    if (under >= width) await new Promise<void>((resolve) => waiting.push(resolve))
    else under += 1
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else under -= 1
    }
  }
}
