import { type Clock, sleepOn } from './clock.ts'

// A longer setTimeout fires at once (32-bit milliseconds); we wake in between and look again.
const LONGEST_TIMEOUT = 2 ** 31 - 1

/** The machine's own time. */
export function wallClock(): Clock {
  const clock: Clock = {
    now: () => Date.now(),
    at(time, run) {
      let timer: NodeJS.Timeout
      const arm = () => {
        const wait = Math.max(0, time - Date.now())
        timer = setTimeout(wait > LONGEST_TIMEOUT ? arm : run, Math.min(wait, LONGEST_TIMEOUT))
      }
      arm()
      return () => clearTimeout(timer)
    },
    inPassing: (time, run) => clock.at(time, run),
    sleep: (ms, signal) => sleepOn(clock, ms, signal),
    hold: () => () => {},
    attend: () => () => {},
    answer: (run) => run(),
    patiently: (wait) => wait(),
  }
  return clock
}
