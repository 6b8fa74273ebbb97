import type { FactsOf } from './facts.ts'
import { SCRIPT_AGENTS } from './sign-names.ts'

/** One sign-in that succeeded. */
export interface Moment {
  at: number
  address: string | null
  agent: string | null
}

const DAY = 86_400_000
const HOUR = 3_600_000
const MOST_ADDRESSES = 20
const MOST_AGENTS = 5
/** So many gaps have to keep to one length, give or take a tenth or two minutes. */
const REGULAR = 0.8
const FEWEST_GAPS = 20

/** When and from where somebody signs in, from the sign-ins of one person in a window. */
export function rhythmOf(
  moments: readonly Moment[],
  { at, from, to }: { at: number; from: number; to: number },
): FactsOf<'rhythm'> {
  const times = moments.map((one) => one.at).toSorted((a, b) => a - b)
  const days = new Set(times.map((time) => Math.floor(time / DAY)))
  const addresses = new Set(moments.flatMap(({ address }) => address ?? []))
  const agents = new Set(moments.flatMap(({ agent }) => agent ?? []))
  const scripts = [...agents].filter((agent) => SCRIPT_AGENTS.some((known) => known.test(agent)))
  const everyMs = everyOf(times)
  return {
    at,
    from,
    to,
    days: days.size,
    weekendDays: [...days].filter(isWeekend).length,
    hours: new Set(times.map((time) => Math.floor((time % DAY) / HOUR))).size,
    times: times.length,
    addresses: Math.min(addresses.size, MOST_ADDRESSES),
    lastAt: times.at(-1) ?? from,
    ...(everyMs !== undefined && { everyMs }),
    ...(scripts.length > 0 && { scripts: scripts.slice(0, MOST_AGENTS) }),
  }
}

/** Day 0 of the epoch was a Thursday. */
function isWeekend(day: number): boolean {
  return (day + 3) % 7 > 4
}

/** The length that nearly all gaps have; a person has lunch, nights and meetings. */
function everyOf(times: readonly number[]): number | undefined {
  const gaps = times.slice(1).map((time, place) => time - (times[place] as number))
  if (gaps.length < FEWEST_GAPS) return undefined
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] as number
  if (usual <= 0) return undefined
  const slack = Math.max(usual / 10, 2 * 60_000)
  const keeping = gaps.filter((gap) => Math.abs(gap - usual) <= slack).length
  return keeping >= gaps.length * REGULAR ? usual : undefined
}
