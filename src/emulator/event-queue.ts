/** When each person does the next thing: a binary heap by time, then by number, so that order never depends on luck. */
export interface EventQueue {
  readonly size: number
  /** The time of the earliest entry. */
  earliest(): number
  push(time: number, number: number): void
  /** Takes the earliest entry and answers with its number. */
  pop(): number
}

export function eventQueue(): EventQueue {
  const times: number[] = []
  const numbers: number[] = []

  function before(a: number, b: number): boolean {
    const [left, right] = [times[a] as number, times[b] as number]
    return left < right || (left === right && (numbers[a] as number) < (numbers[b] as number))
  }

  function swap(a: number, b: number): void {
    const time = times[a] as number
    times[a] = times[b] as number
    times[b] = time
    const number = numbers[a] as number
    numbers[a] = numbers[b] as number
    numbers[b] = number
  }

  function sink(): void {
    let place = 0
    for (;;) {
      let least = place
      const left = place * 2 + 1
      if (left < times.length && before(left, least)) least = left
      if (left + 1 < times.length && before(left + 1, least)) least = left + 1
      if (least === place) return
      swap(place, least)
      place = least
    }
  }

  return {
    get size() {
      return times.length
    },
    earliest: () => times[0] ?? Number.POSITIVE_INFINITY,
    push(time, number) {
      let place = times.push(time) - 1
      numbers.push(number)
      while (place > 0) {
        const parent = (place - 1) >> 1
        if (!before(place, parent)) return
        swap(place, parent)
        place = parent
      }
    },
    pop() {
      const number = numbers[0] as number
      swap(0, times.length - 1)
      times.pop()
      numbers.pop()
      sink()
      return number
    },
  }
}
