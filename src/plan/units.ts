const MS_PER_UNIT = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

export const DURATION_PATTERN = /^\d{1,5}[smhd]$/
export const PERCENT_PATTERN = /^\d{1,4}(\.\d{1,2})?%$/
export const WHOLE_BP = 10_000

/** "90s", "30m", "24h", "3d" in milliseconds. The text has passed DURATION_PATTERN. */
export function durationMs(text: string): number {
  const unit = text.slice(-1) as keyof typeof MS_PER_UNIT
  return Number(text.slice(0, -1)) * MS_PER_UNIT[unit]
}

/** "2.5%" in basis points (250). The text has passed PERCENT_PATTERN. */
export function basisPoints(text: string): number {
  const [whole = '0', fraction = ''] = text.slice(0, -1).split('.')
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
}

/** The share of a number of people, rounded down: what a budget allows. */
export function shareOf(bp: number, people: number): number {
  return Math.floor((bp * people) / WHOLE_BP)
}

/** 3 600 000 as "1 h": the largest unit that says it without a fraction. */
export function sayDuration(ms: number): string {
  const units = [
    ['d', MS_PER_UNIT.d],
    ['h', MS_PER_UNIT.h],
    ['min', MS_PER_UNIT.m],
    ['s', MS_PER_UNIT.s],
  ] as const
  for (const [name, size] of units) {
    const worth = name === 'd' ? 2 * size : size
    if (ms >= worth && ms % size === 0) return `${ms / size} ${name}`
  }
  for (const [name, size] of units) {
    if (ms >= size) return `${Number((ms / size).toFixed(1))} ${name}`
  }
  return `${Math.round(ms)} ms`
}

/** 12 480 000 as "3.5 h": the largest unit, with one digit after the point. */
export function sayAbout(ms: number): string {
  const units = [
    ['d', MS_PER_UNIT.d, 2],
    ['h', MS_PER_UNIT.h, 1],
    ['min', MS_PER_UNIT.m, 1],
  ] as const
  const unit = units.find(([, size, least]) => ms >= least * size)
  const [name, size] = unit ?? ['s', MS_PER_UNIT.s]
  return `${Number((ms / size).toFixed(1))} ${name}`
}

/** 250 basis points as "2.5 %". */
export function sayShare(bp: number): string {
  return `${Number((bp / 100).toFixed(2))} %`
}
