import { z } from 'zod'
import type { HardwareToken, NewToken, TokenState } from '../directory/hardware-tokens.ts'
import { readable } from '../lagged.ts'
import { badRequest, notFound } from './graph-error.ts'
import type { GraphCall } from './route.ts'

// The reference writes the interval as a text in one of its examples.
const seconds = z.union([z.literal(30), z.literal(60), z.literal('30'), z.literal('60')]).transform(Number)
const creation = z.strictObject({
  '@contentId': z.string().optional(),
  serialNumber: z.string().min(1).max(128),
  manufacturer: z.string().min(1).max(128),
  model: z.string().min(1).max(128),
  secretKey: z.string().regex(/^[A-Z2-7]{16,128}=*$/i),
  timeIntervalInSeconds: seconds,
  hashFunction: z.enum(['hmacsha1', 'hmacsha256']).default('hmacsha1'),
  displayName: z.string().nullable().default(null),
  assignTo: z.object({ id: z.string() }).optional(),
})
const together = z.strictObject({ '@context': z.literal('#$delta'), value: z.array(creation).min(1) })

export interface Creation {
  token: NewToken
  assignTo: string | null
}

/** One token; the message never repeats what was sent. */
export function creationOf(body: unknown): Creation {
  const read = creation.safeParse(body)
  if (!read.success) throw badRequest('The hardware OATH token is not valid.', 'badRequest')
  return creationFrom(read.data)
}

/** Several at once; undefined: the body is not of that form. */
export function creationsOf(body: unknown): Creation[] | undefined {
  if (typeof body !== 'object' || body === null || !('@context' in body)) return undefined
  const read = together.safeParse(body)
  if (!read.success) throw badRequest('A hardware OATH token among them is not valid.', 'badRequest')
  return read.data.value.map(creationFrom)
}

function creationFrom({ '@contentId': _, assignTo, ...token }: z.output<typeof creation>): Creation {
  return { token: token as NewToken, assignTo: assignTo?.id ?? null }
}

/** Tokens that are in the inventory as reads show it now. */
export function inventory({ world, now }: GraphCall): HardwareToken[] {
  return [...world.directory.tokens.values()].filter((token) => readable(token.state, now) !== null)
}

export function onlyToken(call: GraphCall, id: string): HardwareToken {
  const token = call.world.directory.tokens.get(id.toLowerCase())
  if (!token) throw notFound(id)
  return token
}

export function deviceBody({ world, now }: GraphCall, token: HardwareToken) {
  const { status, assignedTo } = readable(token.state, now) as TokenState
  const holder = assignedTo === null ? undefined : world.directory.personById.get(assignedTo)
  return {
    id: token.id,
    displayName: token.displayName,
    serialNumber: token.serialNumber,
    manufacturer: token.manufacturer,
    model: token.model,
    secretKey: null,
    timeIntervalInSeconds: token.timeIntervalInSeconds,
    status,
    hashFunction: token.hashFunction,
    assignedTo: holder === undefined ? null : { id: holder.id, displayName: holder.displayName },
  }
}
