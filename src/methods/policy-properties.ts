import type { Policy } from '../graph/directory/policies.ts'

/** One property of a policy that is not as it was, by its path, such as `conditions.users.excludeUsers`. */
export interface Difference {
  path: string
  before: unknown
  after: unknown
}

/** Microsoft's own, or the object's name for itself; nobody changes them by hand. */
const NOT_COMPARED = ['id', 'createdDateTime', 'modifiedDateTime', 'deletedDateTime', 'templateId']

/** Property by property, in the order of the names. What Graph fills in where nobody set anything is nothing. */
export function policyDifferences(before: object, after: object): Difference[] {
  const [old, now] = [leaves(before), leaves(after)]
  const paths = [...new Set([...old.keys(), ...now.keys()])].toSorted()
  return paths
    .filter((path) => text(old.get(path)) !== text(now.get(path)))
    .map((path) => ({ path, before: old.get(path) ?? null, after: now.get(path) ?? null }))
}

export function saySame(one: unknown, other: unknown): boolean {
  return text(plain(one)) === text(plain(other))
}

/** A property as it is compared: lists as sets, a strength by its id, nothing as null. */
export function leafAt(body: object, path: string): unknown {
  return leaves(body).get(path) ?? null
}

export function propertyAt(body: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | null | undefined)?.[name], body)
}

/** A copy in which this one property is another; the objects on the way are made where there are none. */
export function withProperty<B extends object>(body: B, path: string, value: unknown): B {
  const [name = '', ...rest] = path.split('.')
  const part = (body as Record<string, unknown>)[name]
  if (rest.length === 0) return { ...body, [name]: value }
  return { ...body, [name]: withProperty((part as object | null) ?? {}, rest.join('.'), value) }
}

/** A copy in which this property is as in `recorded`; where that has no such object, the object goes whole. */
export function putBack<B extends object>(body: B, recorded: object, path: string): B {
  const names = path.split('.')
  for (let length = 1; length < names.length; length += 1) {
    const prefix = names.slice(0, length).join('.')
    if (!isPart(propertyAt(recorded, prefix))) return withProperty(body, prefix, null)
  }
  return withProperty(body, path, propertyAt(recorded, path) ?? null)
}

/** What PATCH and POST take of a body that was read: nothing of Graph's own, a strength by its id. */
export function sendable(body: Record<string, unknown>): Record<string, unknown> {
  const cleaned = JSON.parse(JSON.stringify(body), (key, value) =>
    key.includes('@odata.') ? undefined : value,
  ) as Policy
  for (const name of NOT_COMPARED) delete cleaned[name]
  const strength = cleaned.grantControls?.['authenticationStrength'] as { id: string } | null | undefined
  if (!cleaned.grantControls || !strength) return cleaned
  return {
    ...cleaned,
    grantControls: { ...cleaned.grantControls, authenticationStrength: { id: strength.id } },
  }
}

function leaves(body: object, place = ''): Map<string, unknown> {
  const found = new Map<string, unknown>()
  for (const [name, value] of Object.entries(body)) {
    if (name.includes('@odata.') || NOT_COMPARED.includes(name)) continue
    const path = place === '' ? name : `${place}.${name}`
    if (name === 'authenticationStrength' && value) found.set(path, strengthId(value))
    else if (isPart(value)) for (const [inner, leaf] of leaves(value, path)) found.set(inner, leaf)
    else if (plain(value) !== null) found.set(path, plain(value))
  }
  return found
}

function strengthId(value: unknown): unknown {
  return isPart(value) ? (value as { id?: unknown }).id : value
}

function isPart(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Lists of words are sets, `None` among them is nobody; an empty one says nothing. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return null
  if (!Array.isArray(value)) return value
  const items = value.filter((one) => one !== 'None')
  if (items.length === 0) return null
  return items.every((one) => typeof one === 'string') ? items.toSorted() : items
}

function text(value: unknown): string {
  return JSON.stringify(value ?? null)
}
