import type { SignInRow } from '../sign-ins/sign-in-row.ts'
import { betaSignInBody } from './beta-sign-in-body.ts'
import { filterTest } from './filter.ts'
import type { Filter } from './filter-text.ts'
import { badRequest, notFound } from './graph-error.ts'
import { invalidToken, nextLink, pageSize, readSkipToken, selected } from './page.ts'
import type { GraphCall, GraphRoute } from './route.ts'
import { signInBody } from './sign-in-body.ts'

const FILTERABLE = [
  'id',
  'createdDateTime',
  'userId',
  'userPrincipalName',
  'userDisplayName',
  'appId',
  'appDisplayName',
  'ipAddress',
  'clientAppUsed',
  'conditionalAccessStatus',
  'correlationId',
  'resourceId',
  'status/errorCode',
]
const FILTERABLE_IN_BETA = [...FILTERABLE, 'signInEventTypes', 'authenticationRequirement', 'userType']
const MONTH = 30 * 86_400_000
const route = {
  method: 'GET' as const,
  bucket: 'reports' as const,
  // Microsoft's known issues demand both (reference/graph.md §5).
  permissions: [['AuditLog.Read.All'], ['Directory.Read.All']],
  premium: true,
}

export const SIGN_IN_ROUTES: GraphRoute[] = [
  {
    ...route,
    path: '/auditLogs/signIns',
    answer(call) {
      const { filter, test } = filterTest(call.query.$filter, {
        properties: call.beta ? FILTERABLE_IN_BETA : FILTERABLE,
        eventual: false,
      })
      const order = call.query.$orderby
      if (order && order.trim().toLowerCase() !== 'createddatetime desc') {
        throw badRequest('Only $orderby=createdDateTime desc is supported.', 'BadRequest')
      }
      const size = pageSize(call, { context: '', standard: 1000, largest: 1000 })
      const window = { ...windowOf(filter, call), ...place(call) }
      const value: object[] = []
      let last = 0
      let more = false
      for (const row of call.world.log.newestFirst({ now: call.now, ...window })) {
        if (!test(reader(call, row))) continue
        if (value.length >= size) {
          more = true
          break
        }
        const body = selected(bodyOf(call, row), call.query.$select)
        value.push(body)
        // The second copy may make a page one row longer than asked for, so that it is never lost between pages.
        if (row.twice) value.push(body)
        last = row.number
      }
      const context = { '@odata.context': `${call.base}/$metadata#auditLogs/signIns` }
      const link = more ? { '@odata.nextLink': nextLink(call, String(last)) } : {}
      return { status: 200, body: { ...context, ...link, value } }
    },
  },
  {
    ...route,
    path: '/auditLogs/signIns/:id',
    answer(call) {
      const window = {
        now: call.now,
        from: call.now - call.world.options.delays * MONTH,
        until: call.now + 1,
      }
      for (const row of call.world.log.newestFirst(window)) {
        const body = bodyOf(call, row)
        if (body.id === call.params.id) return { status: 200, body }
      }
      throw notFound(call.params.id as string)
    },
  },
]

function bodyOf(call: GraphCall, row: SignInRow) {
  const options = { seed: call.world.options.seed, tenantId: call.settings.tenantId, now: call.now }
  return call.beta ? betaSignInBody(row, options) : signInBody(row, options)
}

function place(call: GraphCall): { before?: number } {
  if (!call.query.$skiptoken) return {}
  const before = Number(readSkipToken(call.query.$skiptoken))
  if (!Number.isInteger(before)) throw invalidToken()
  return { before }
}

/** Times that the filter cannot reach need not be looked at. */
function windowOf(filter: Filter | null, call: GraphCall): { from: number; until: number } {
  const window = { from: call.now - call.world.options.delays * MONTH, until: call.now + 1 }
  const narrow = (part: Filter) => {
    if (part.kind === 'and') {
      narrow(part.left)
      narrow(part.right)
    } else if (part.kind === 'compare' && part.property === 'createdDateTime') {
      const time = Date.parse(String(part.value))
      if (Number.isNaN(time)) throw badRequest(`Invalid filter clause: '${part.value}' is not a date.`)
      if (part.operator.startsWith('g') || part.operator === 'eq') window.from = Math.max(window.from, time)
      if (part.operator.startsWith('l') || part.operator === 'eq')
        window.until = Math.min(window.until, time + 1)
    }
  }
  if (filter) narrow(filter)
  return window
}

function reader(call: GraphCall, row: SignInRow): (property: string) => unknown {
  return (property) => {
    if (property === 'createdDateTime') return new Date(row.at).toISOString()
    if (property === 'userId') return row.person.id
    if (property === 'status/errorCode') return row.code
    return (bodyOf(call, row) as unknown as Record<string, unknown>)[property]
  }
}
