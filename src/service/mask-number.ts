/** "+45 *** 123": enough to tell two numbers apart, too little to call. */
export function maskNumber(number: string): string {
  const digits = number.replace(/\D/g, '')
  const code = /^\+(\d{1,3})\b/.exec(number.trim())?.[1]
  return `${code === undefined ? '' : `+${code} `}*** ${digits.slice(-3)}`
}
