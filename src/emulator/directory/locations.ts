import type { CountryNamedLocation, IpNamedLocation } from '@microsoft/microsoft-graph-types'
import { biting, type Lagged } from '../lagged.ts'
import type { Place } from '../sign-ins/place.ts'
import type { Directory } from './directory.ts'

export type LocationBody =
  | ({ '@odata.type': '#microsoft.graph.ipNamedLocation' } & IpNamedLocation)
  | ({ '@odata.type': '#microsoft.graph.countryNamedLocation' } & CountryNamedLocation)

export interface NamedLocation {
  id: string
  /** Nothing before its creation bites and after its deletion. */
  body: Lagged<LocationBody | null>
}

/** Is the place inside the location a policy names: one by its id, or any that is trusted? */
export function isAt(directory: Directory, name: string, place: Place, now: number): boolean {
  if (name === 'All') return true
  if (name !== 'AllTrusted') return contains(bodyAt(directory.locations.get(name), now), place)
  for (const location of directory.locations.values()) {
    const body = bodyAt(location, now)
    if (body && isTrusted(body) && contains(body, place)) return true
  }
  return false
}

export function isTrusted(body: LocationBody): boolean {
  return body['@odata.type'] === '#microsoft.graph.ipNamedLocation' && body.isTrusted === true
}

function bodyAt(location: NamedLocation | undefined, now: number): LocationBody | null {
  return location ? biting(location.body, now) : null
}

function contains(body: LocationBody | null, place: Place): boolean {
  if (!body) return false
  if (body['@odata.type'] === '#microsoft.graph.countryNamedLocation') {
    return body.countriesAndRegions?.includes(place.country) ?? false
  }
  const ip = ipNumber(place.ip)
  return rangesOf(body).some(([from, size]) => ip >= from && ip < from + size)
}

type Range = [from: number, size: number]

const ranges = new WeakMap<LocationBody, Range[]>()

/** Ranges of IPv4; nobody here signs in by IPv6. */
function rangesOf(body: IpNamedLocation & LocationBody): Range[] {
  const known = ranges.get(body)
  if (known) return known
  const made = (body.ipRanges ?? []).flatMap((range) => {
    const text = (range as { cidrAddress?: string }).cidrAddress ?? ''
    const [address, bits] = text.split('/') as [string, string]
    if (address.includes(':')) return []
    const size = 2 ** (32 - Number(bits))
    return [[Math.floor(ipNumber(address) / size) * size, size] as Range]
  })
  ranges.set(body, made)
  return made
}

function ipNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}
