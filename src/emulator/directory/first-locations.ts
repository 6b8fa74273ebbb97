import { settled } from '../lagged.ts'
import { guid } from '../random.ts'
import type { LocationBody, NamedLocation } from './locations.ts'

/** Places that somebody named long before: the trusted head office, branches nobody trusts yet, a list of countries. */
export function firstLocations(seed: number, createdDateTime: string): NamedLocation[] {
  const bodies: LocationBody[] = [
    {
      '@odata.type': '#microsoft.graph.ipNamedLocation',
      displayName: 'HQ',
      isTrusted: true,
      ipRanges: [range('203.0.113.0/24')],
    },
    {
      '@odata.type': '#microsoft.graph.ipNamedLocation',
      displayName: 'Branch offices',
      isTrusted: false,
      ipRanges: [range('198.51.100.0/24'), range('192.0.2.0/24')],
    },
    {
      '@odata.type': '#microsoft.graph.countryNamedLocation',
      displayName: 'Where we work',
      countriesAndRegions: ['DE', 'GB', 'PL', 'US', 'IN'],
      countryLookupMethod: 'clientIpAddress',
      includeUnknownCountriesAndRegions: false,
    },
  ]
  return bodies.map((body) => {
    const id = guid(seed, `location/${body.displayName}`)
    return { id, body: settled({ ...body, id, createdDateTime, modifiedDateTime: createdDateTime }) }
  })
}

function range(cidrAddress: string) {
  return { '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress }
}
