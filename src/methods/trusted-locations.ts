import type { NamedLocation } from '../graph/directory/locations.ts'
import { type Finding, type FindingCode, finding } from './policy-finding.ts'

/** A place the policy leaves out: there by name, or made of ranges where it is not. */
export interface LocationWanted {
  name: string
  /** null: it has to be there. */
  ranges: readonly string[] | null
}

export interface LocationFound {
  wanted: LocationWanted
  location?: NamedLocation
  findings: Finding[]
}

const OF_ADDRESSES = '#microsoft.graph.ipNamedLocation'

export function rangesOf(location: NamedLocation): string[] {
  return (location.ipRanges ?? []).flatMap(({ cidrAddress }) => cidrAddress ?? [])
}

/** Each place by name or id: trusted, of addresses, and not of all of them. Neither location nor finding: to be made. */
export function pickLocations(
  all: readonly NamedLocation[],
  wanted: readonly LocationWanted[],
): LocationFound[] {
  return wanted.map((one) => {
    const found = all.filter(({ id, displayName }) => id === one.name || displayName === one.name)
    const [location] = found
    const refused = (code: FindingCode, message: string, hint: string) => ({
      wanted: one,
      findings: [finding(code, message, hint)],
    })
    if (found.length > 1) {
      const hint = `Name it by its id: ${found.map(({ id }) => id).join(' or ')}.`
      return refused('locationAmbiguous', `Several named locations are called ${one.name}.`, hint)
    }
    if (location) return { wanted: one, location, findings: locationFindings(location, one) }
    if (one.ranges) return { wanted: one, findings: [] }
    const hint = 'Correct the name, or write { name, ranges } to have it made.'
    return refused('locationMissing', `There is no named location ${one.name}.`, hint)
  })
}

function locationFindings(location: NamedLocation, wanted: LocationWanted): Finding[] {
  const { displayName } = location
  if (location['@odata.type'] !== OF_ADDRESSES) {
    const hint = 'Name a location of addresses: anybody can seem to be in a country.'
    return [finding('locationRefused', `The named location ${displayName} is not one of addresses.`, hint)]
  }
  if (location.isTrusted !== true) {
    const hint = 'Mark it as trusted if it is yours alone, or leave it out.'
    return [finding('locationRefused', `The named location ${displayName} is not marked as trusted.`, hint)]
  }
  const ranges = rangesOf(location)
  const whole = ranges.find((range) => /\/0+$/.test(range))
  if (whole !== undefined || ranges.length === 0) {
    const what = whole === undefined ? 'has no ranges' : `has ${whole}, which is the whole Internet`
    const hint = 'Correct its ranges: nobody who comes from them is asked for MFA.'
    return [finding('locationRefused', `The named location ${displayName} ${what}.`, hint)]
  }
  if (wanted.ranges === null || isSame(ranges, wanted.ranges)) return []
  const hint = 'Correct the plan or the location; wavegate changes none that another hand made.'
  const message = `The named location ${displayName} has the ranges ${ranges.join(', ')}, not those of the plan.`
  return [finding('locationDiffers', message, hint)]
}

function isSame(have: readonly string[], want: readonly string[]): boolean {
  const key = (ranges: readonly string[]) =>
    [...new Set(ranges.map((range) => range.toLowerCase()))].toSorted().join(' ')
  return key(have) === key(want)
}
