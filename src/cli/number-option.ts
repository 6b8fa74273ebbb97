import { InvalidArgumentError } from 'commander'

/** A whole number within bounds, for an option of a command. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is wanted.`)
  }
}

/** A number above zero. */
export function positiveNumber(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('A number above 0 is wanted.')
}

export const PORT = [0, 65_535] as const
