import { ELEMENT, type Filter, type Literal, parseFilter } from './filter-text.ts'
import { badRequest } from './graph-error.ts'

type Test = (read: (property: string) => unknown) => boolean

export interface FilterOptions {
  /** Properties that may be filtered by. */
  properties: readonly string[]
  /** `ConsistencyLevel: eventual` was sent, with which more is understood. */
  eventual: boolean
}

/** A `$filter` as a test of one object. */
export function filterTest(
  text: string | undefined,
  options: FilterOptions,
): { filter: Filter | null; test: Test } {
  if (!text) return { filter: null, test: () => true }
  const filter = parseFilter(text)
  check(filter, options)
  return { filter, test: (read) => matches(filter, read) }
}

function check(filter: Filter, options: FilterOptions): void {
  if ('left' in filter) {
    check(filter.left, options)
    check(filter.right, options)
    return
  }
  const advanced =
    filter.kind === 'not' ||
    filter.kind === 'endsWith' ||
    (filter.kind === 'compare' && filter.operator === 'ne')
  if (advanced && !options.eventual) {
    const message =
      'The request uses a filter that needs the header ConsistencyLevel: eventual and $count=true.'
    throw badRequest(message, 'Request_UnsupportedQuery')
  }
  if (filter.kind === 'not') {
    check(filter.of, options)
  } else if (!options.properties.includes(filter.property)) {
    throw badRequest(
      `Unsupported or invalid query filter clause specified for property '${filter.property}' of resource.`,
      'Request_UnsupportedQuery',
    )
  }
}

function matches(filter: Filter, read: (property: string) => unknown): boolean {
  switch (filter.kind) {
    case 'and':
      return matches(filter.left, read) && matches(filter.right, read)
    case 'or':
      return matches(filter.left, read) || matches(filter.right, read)
    case 'not':
      return !matches(filter.of, read)
    case 'startsWith':
      return text(read(filter.property)).startsWith(filter.value.toLowerCase())
    case 'endsWith':
      return text(read(filter.property)).endsWith(filter.value.toLowerCase())
    case 'any': {
      const list = read(filter.property)
      return (
        Array.isArray(list) &&
        list.some((one) => matches(filter.of, (name) => (name === ELEMENT ? one : undefined)))
      )
    }
    case 'in': {
      const value = read(filter.property)
      return filter.values.some((one) => equal(value, one))
    }
    case 'compare':
      return compare(read(filter.property), filter.operator, filter.value)
  }
}

function compare(value: unknown, operator: string, literal: Literal): boolean {
  if (operator === 'eq') return equal(value, literal)
  if (operator === 'ne') return !equal(value, literal)
  const order = ordered(value, literal)
  if (Number.isNaN(order)) return false
  if (operator === 'gt') return order > 0
  if (operator === 'ge') return order >= 0
  return operator === 'lt' ? order < 0 : order <= 0
}

function equal(value: unknown, literal: Literal): boolean {
  if (typeof value === 'string' && typeof literal === 'string') {
    return text(value) === text(literal) || ordered(value, literal) === 0
  }
  return (value ?? null) === literal
}

// Dates are compared as moments, whatever their number of decimals.
function ordered(value: unknown, literal: Literal): number {
  if (typeof value === 'number' && typeof literal === 'number') return value - literal
  if (typeof value !== 'string' || typeof literal !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value))
    return Number.NaN
  return Date.parse(value) - Date.parse(literal)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}
