import type { VerdictIs } from './verdict-words.ts'

/** How many people are what, after a number: "3 are away". */
export function sayVerdict(is: VerdictIs, people: number): string {
  const be = people === 1 ? 'is' : 'are'
  switch (is) {
    case 'protected':
      return `${be} protected`
    case 'administrator':
      return people === 1 ? 'holds a directory role' : 'hold a directory role'
    case 'guest':
      return people === 1 ? 'is a guest' : 'are guests'
    case 'notAPerson':
      return people === 1 ? 'is not a person' : 'are not people'
    case 'away':
      return `${be} away`
    case 'legacyClient':
      return people === 1 ? 'uses a legacy client' : 'use a legacy client'
    case 'unknown':
      return `${be} unknown`
    case 'needsLook':
      return people === 1 ? 'needs somebody to look' : 'need somebody to look'
    case 'needsNumber':
      return people === 1 ? 'needs a number' : 'need a number'
    case 'readyUntil':
      return `${be} ready only until text messages and calls end`
    case 'ready':
      return `${be} ready`
    default:
      return is satisfies never
  }
}
