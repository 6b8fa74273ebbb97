import { ipRange, isPrivate, isWide } from './ip-range.ts'
import { errorAt, type Finding, type PathStep, warningAt } from './problem.ts'
import type { Plan } from './schema.ts'

/** Trusted places, as far as the text alone can tell. */
export function lintLocations({ enforce }: Plan): Finding[] {
  const seen = new Set<string>()
  return (enforce.trustedLocations ?? []).flatMap((location, index) => {
    const path = ['enforce', 'trustedLocations', index]
    const { name, ranges } = typeof location === 'string' ? { name: location, ranges: [] } : location
    const key = name.toLowerCase()
    const twice = seen.has(key)
      ? [errorAt(path, 'locationRefused', `${name} is named twice.`, 'Name each place once.')]
      : []
    seen.add(key)
    return [...twice, ...ranges.flatMap((text, at) => lintRange(text, [...path, 'ranges', at]))]
  })
}

function lintRange(text: string, path: PathStep[]): Finding[] {
  const range = ipRange(text)
  if (!range) {
    const hint = 'Write an address, a slash and a prefix: 203.0.113.0/24 or 2001:db8::/48.'
    return [errorAt(path, 'locationRefused', `${text} is not a range of addresses.`, hint)]
  }
  if (range.prefix === 0) {
    const hint = 'Write the public addresses of your own network; nobody would ever be asked for MFA.'
    return [errorAt(path, 'locationRefused', `${text} is the whole Internet.`, hint)]
  }
  if (isPrivate(range)) {
    const hint = 'Write the public addresses your network is seen by: Microsoft never sees private ones.'
    return [errorAt(path, 'locationRefused', `${text} is a private range.`, hint)]
  }
  if (!isWide(range)) return []
  const hint = 'Check that all of these addresses are yours: nobody who comes from them is asked for MFA.'
  return [warningAt(path, 'locationWide', `${text} is a very wide range.`, hint)]
}
