import { type DeltaToken, deltaLink, tokenOf } from './delta-token.ts'
import type { Filter } from './filter-text.ts'
import { parseFilter } from './filter-text.ts'
import { badRequest } from './graph-error.ts'
import type { Answer, GraphCall } from './route.ts'

const MOST_IDS = 50
const PAGE = 200

/** Answers one page of what is there, or of what changed since a token. */
export function deltaPage(
  call: GraphCall,
  context: string,
  list: (token: DeltaToken, wanted: (id: string) => boolean) => object[],
): Answer {
  for (const name of ['$top', '$expand', '$orderby', '$search']) {
    if (name in call.query) throw badRequest(`${name} is not supported by delta.`, 'Request_UnsupportedQuery')
  }
  const ids = idsOf(call.query.$filter)
  const token = tokenOf(call)
  const body = { '@odata.context': `${call.base}/$metadata#${context}` }
  const here = { seq: call.world.journal.entries.length, at: call.now }
  if (call.query.$deltatoken === 'latest') {
    return {
      status: 200,
      body: { ...body, '@odata.deltaLink': deltaLink(call, '$deltatoken', here), value: [] },
    }
  }
  const all = list(token, (id) => !ids || ids.has(id))
  const skip = token.skip ?? 0
  const end = skip + pageSize(call)
  const value = all.slice(skip, end)
  // The next round begins where this one began: what changed while it was read comes again, and nothing is lost.
  const next = token.next ?? here
  const link =
    end < all.length
      ? { '@odata.nextLink': deltaLink(call, '$skiptoken', { ...token, skip: end, next }) }
      : { '@odata.deltaLink': deltaLink(call, '$deltatoken', next) }
  return { status: 200, body: { ...body, ...link, value } }
}

function pageSize(call: GraphCall): number {
  const wanted = /odata\.maxpagesize=(\d+)/i.exec(call.prefer)?.[1]
  return wanted ? Math.min(PAGE, Math.max(1, Number(wanted))) : PAGE
}

/** Only `id eq '…' or id eq '…'` can be filtered by. */
function idsOf(text: string | undefined): Set<string> | null {
  if (!text) return null
  const ids = new Set<string>()
  const walk = (filter: Filter): void => {
    if (filter.kind === 'or') {
      walk(filter.left)
      walk(filter.right)
    } else if (filter.kind === 'compare' && filter.property === 'id' && filter.operator === 'eq') {
      ids.add(String(filter.value).toLowerCase())
    } else {
      throw badRequest('Delta filters by id only.', 'Request_UnsupportedQuery')
    }
  }
  walk(parseFilter(text))
  if (ids.size > MOST_IDS) throw badRequest(`Delta filters by at most ${MOST_IDS} ids.`)
  return ids
}

/** Objects of one kind that changed since a token, by the journal. */
export function changedSince(call: GraphCall, token: DeltaToken, kind: 'users' | 'groups'): Set<string> {
  const target = new RegExp(`^(?:${kind}|directory/deletedItems)/([^/]+)$`)
  const found = call.world.journal.after(token.seq).flatMap((entry) => target.exec(entry.target)?.[1] ?? [])
  return new Set(found)
}
