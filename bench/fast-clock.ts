import { type Clock, sleepOn } from '../src/clock/clock.ts'

/** Real time, so many times as fast, from `start` on; two processes with the same numbers agree. */
export function fastClock(start: number, wallStart: number, factor: number): Clock {
  const clock: Clock = {
    now: () => Math.round(start + (Date.now() - wallStart) * factor),
    at(time, run) {
      let timer: NodeJS.Timeout
      const arm = () => {
        const wait = Math.max(0, (time - clock.now()) / factor)
        if (wait === 0) timer = setTimeout(run, 0)
        else timer = setTimeout(arm, Math.min(Math.ceil(wait), 2 ** 31 - 1))
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
