import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all } from '../paging.ts'
import { type Ask, nullableFlag, type Receipt, receiptOf, segment } from './ask.ts'

const location = z.looseObject({
  id: z.string().min(1),
  displayName: z.string(),
  /** Of IP addresses, or of countries; Microsoft may add kinds. */
  '@odata.type': z.string(),
  isTrusted: nullableFlag,
  ipRanges: z.array(z.looseObject({ cidrAddress: z.string().nullish() })).nullish(),
})
export type NamedLocation = z.output<typeof location>

const root = '/identity/conditionalAccess/namedLocations'

export function locationCalls(graph: Graph) {
  return {
    listLocations: (ask: Ask): Promise<NamedLocation[]> => all(graph, { ...ask, path: root, item: location }),

    /** Trusted, of these ranges. Fails with `unknownEffect` also when the answer cannot be read: it may exist. */
    async createLocation(displayName: string, ranges: readonly string[], ask: Ask): Promise<Receipt> {
      const ipRanges = ranges.map((cidrAddress) => {
        const version = cidrAddress.includes(':') ? 'iPv6' : 'iPv4'
        return { '@odata.type': `#microsoft.graph.${version}CidrRange`, cidrAddress }
      })
      const kind = { '@odata.type': '#microsoft.graph.ipNamedLocation' }
      const body = { ...kind, displayName, isTrusted: true, ipRanges }
      return receiptOf(await graph.call({ ...ask, method: 'POST', path: root, body, expect: location }))
    },

    async deleteLocation(id: string, ask: Ask): Promise<Receipt> {
      return receiptOf(await graph.call({ ...ask, method: 'DELETE', path: `${root}/${segment(id)}` }))
    },
  }
}
