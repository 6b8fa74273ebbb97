import { badRequest } from './graph-error.ts'

export type Literal = string | number | boolean | null

export type Filter =
  | { kind: 'and' | 'or'; left: Filter; right: Filter }
  | { kind: 'not'; of: Filter }
  | { kind: 'compare'; property: string; operator: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'; value: Literal }
  | { kind: 'in'; property: string; values: Literal[] }
  | { kind: 'any'; property: string; of: Filter }
  | { kind: 'startsWith' | 'endsWith'; property: string; value: string }

const TOKEN = /\s*('(?:[^']|'')*'|[(),]|[^\s(),']+)/gy

/** Reads the text of a `$filter`. What this service does not know is refused as Graph refuses it. */
export function parseFilter(text: string): Filter {
  const tokens = split(text)
  let place = 0
  const peek = () => tokens[place]?.toLowerCase()
  const take = () => tokens[place++] ?? fail(text)
  const expect = (token: string) => {
    if (take() !== token) fail(text)
  }

  function either(): Filter {
    let left = both()
    while (peek() === 'or') {
      place++
      left = { kind: 'or', left, right: both() }
    }
    return left
  }

  function both(): Filter {
    let left = one()
    while (peek() === 'and') {
      place++
      left = { kind: 'and', left, right: one() }
    }
    return left
  }

  function one(): Filter {
    const word = take()
    if (word === '(') {
      const inside = either()
      expect(')')
      return inside
    }
    const lower = word.toLowerCase()
    if (lower === 'not') return { kind: 'not', of: one() }
    if (lower.endsWith('/any') && peek() === '(') return someElement(word.slice(0, -'/any'.length))
    if (lower === 'startswith' || lower === 'endswith') return textFunction(lower)
    return comparison(word)
  }

  function textFunction(name: 'startswith' | 'endswith'): Filter {
    expect('(')
    const property = take()
    expect(',')
    const value = String(literal(take(), text))
    expect(')')
    return { kind: name === 'startswith' ? 'startsWith' : 'endsWith', property, value }
  }

  // An element of a list goes by the name of its list, and is read as one.
  function someElement(property: string): Filter {
    expect('(')
    const [, name, rest] = /^(\w+):(.*)$/.exec(take()) ?? fail(text)
    if (rest) tokens.splice(place, 0, rest)
    const of = either()
    expect(')')
    return { kind: 'any', property, of: renamed(of, name as string, text) }
  }

  function comparison(property: string): Filter {
    const operator = take().toLowerCase()
    if (operator === 'in') {
      expect('(')
      const values = [literal(take(), text)]
      while (peek() === ',') {
        place++
        values.push(literal(take(), text))
      }
      expect(')')
      return { kind: 'in', property, values }
    }
    if (!isOperator(operator)) return fail(text)
    return { kind: 'compare', property, operator, value: literal(take(), text) }
  }

  const filter = either()
  return place === tokens.length ? filter : fail(text)
}

/** Inside `any`, only the element itself can be compared. */
function renamed(filter: Filter, name: string, text: string): Filter {
  if ('left' in filter) {
    return { ...filter, left: renamed(filter.left, name, text), right: renamed(filter.right, name, text) }
  }
  if (filter.kind === 'not') return { ...filter, of: renamed(filter.of, name, text) }
  return filter.kind !== 'any' && filter.property === name ? { ...filter, property: ELEMENT } : fail(text)
}

/** What an element of a list is called inside `any`. */
export const ELEMENT = '$it'

type Operator = Extract<Filter, { kind: 'compare' }>['operator']

function isOperator(word: string): word is Operator {
  return ['eq', 'ne', 'gt', 'ge', 'lt', 'le'].includes(word)
}

function literal(token: string, text: string): Literal {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'")
  if (token === 'true' || token === 'false') return token === 'true'
  if (token === 'null') return null
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token)
  // Dates and GUIDs are written without quotes.
  return /^[\w:.+-]+$/.test(token) ? token : fail(text)
}

function split(text: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const found = TOKEN.exec(text)
    if (!found) return fail(text)
    tokens.push(found[1] as string)
  }
  return tokens
}

function fail(text: string): never {
  throw badRequest(`Invalid filter clause: Syntax error in '${text}'.`)
}
