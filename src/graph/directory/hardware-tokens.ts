import { z } from 'zod'
import type { BatchCall } from '../batch.ts'
import type { Graph } from '../client.ts'
import { GraphFailure, isFailure } from '../errors.ts'
import { type Ask, nullableText, quoted, type Receipt, receiptOf, segment } from './ask.ts'

/** A token in the tenant's inventory. Its secret is never shown. */
export interface HardwareToken {
  id: string
  serial: string
  /** available | assigned | activated | failedActivation; Microsoft may add to them. */
  status: string
  /** Whose it is; null: nobody's. */
  holder: string | null
}

/** A token with what its codes are made of, for the inventory. */
export interface NewHardwareToken {
  serial: string
  manufacturer: string
  model: string
  secret: string
  seconds: number
  hash: string
}

export type TokenReading = { tokens: HardwareToken[] } | { failure: GraphFailure }

/** How many tokens go into the inventory with one call. Microsoft names no limit. */
export const TOKENS_PER_CALL = 100

const INVENTORY = '/directory/authenticationMethodDevices/hardwareOathDevices'
const POLICY = '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/hardwareOath'
const version = 'beta' as const

const device = z.object({
  id: z.string().min(1),
  serialNumber: z.string(),
  status: nullableText,
  assignedTo: z.object({ id: z.string() }).nullish(),
})
const devices = z.object({ value: z.array(device) })
const target = z.object({ id: z.string() })
const policy = z.object({
  state: nullableText,
  includeTargets: z.array(target).nullish(),
  excludeTargets: z.array(target).nullish(),
})

/** Whether the tenant lets people sign in by a hardware token, and whom. */
export interface TokenPolicy {
  isEnabled: boolean
  /** Ids of groups, or all_users. */
  include: string[]
  exclude: string[]
}

/** Hardware OATH tokens. All of it is beta. */
export function hardwareTokenCalls(graph: Graph) {
  return {
    async readTokenPolicy(ask: Ask): Promise<TokenPolicy> {
      const { body } = await graph.call({ ...ask, method: 'GET', path: POLICY, version, expect: policy })
      return {
        isEnabled: body.state === 'enabled',
        include: (body.includeTargets ?? []).map(({ id }) => id),
        exclude: (body.excludeTargets ?? []).map(({ id }) => id),
      }
    },

    /** What the inventory has under each serial number: none, one, or one that was put there twice. */
    async readHardwareTokens(serials: readonly string[], ask: Ask): Promise<Map<string, TokenReading>> {
      const wanted = [...new Set(serials)]
      const calls = wanted.map((serial): BatchCall<z.output<typeof devices>> => {
        const query = { $filter: `serialNumber eq ${quoted(serial)}` }
        return { method: 'GET', path: INVENTORY, version, query, expect: devices }
      })
      const results = await graph.batch(calls, ask.lane, ask.signal)
      return new Map(
        results.map((result, place): [string, TokenReading] => {
          const serial = wanted[place] as string
          if (result instanceof GraphFailure) return [serial, { failure: result }]
          // Were the filter not understood, everything would come.
          const same = result.body.value.filter(
            (one) => one.serialNumber.toLowerCase() === serial.toLowerCase(),
          )
          return [serial, { tokens: same.map(tokenOf) }]
        }),
      )
    },

    /**
     * Puts tokens into the inventory, all of them with one call where the tenant takes that. By serial number: a token's
     * `unknownEffect` may have happened, any other failure has not.
     */
    async addHardwareTokens(
      tokens: readonly NewHardwareToken[],
      ask: Ask,
    ): Promise<Map<string, Receipt | GraphFailure>> {
      const answers = new Map<string, Receipt | GraphFailure>()
      for (let start = 0; start < tokens.length; start += TOKENS_PER_CALL) {
        const some = tokens.slice(start, start + TOKENS_PER_CALL)
        const together = await addTogether(graph, some, ask)
        const each = together ?? (await addEach(graph, some, ask))
        for (const [serial, answer] of each) answers.set(serial, answer)
      }
      return answers
    },

    /** Takes a token out of the inventory for good. */
    async deleteHardwareToken(id: string, ask: Ask): Promise<Receipt> {
      return receiptOf(
        await graph.call({ ...ask, method: 'DELETE', path: `${INVENTORY}/${segment(id)}`, version }),
      )
    },

    /** Gives somebody a token and makes it usable. The code is asked for at the moment of sending: it is soon stale. */
    async giveToken(person: string, token: string, code: () => string, ask: Ask): Promise<Receipt> {
      const body = () => ({ device: { id: token }, verificationCode: code() })
      const path = `${methodsOf(person)}/assignAndActivate`
      return receiptOf(await graph.call({ ...ask, method: 'POST', path, version, body }))
    },

    /** Makes a token usable that somebody has already. */
    async activateToken(person: string, token: string, code: () => string, ask: Ask): Promise<Receipt> {
      const body = () => ({ verificationCode: code() })
      const path = `${methodsOf(person)}/${segment(token)}/activate`
      return receiptOf(await graph.call({ ...ask, method: 'POST', path, version, body }))
    },

    /** The token stays theirs, and cannot be used. */
    async deactivateToken(person: string, token: string, ask: Ask): Promise<Receipt> {
      const path = `${methodsOf(person)}/${segment(token)}/deactivate`
      return receiptOf(await graph.call({ ...ask, method: 'POST', path, version, body: {} }))
    },

    /** Takes a token from somebody; it stays in the inventory. */
    async takeToken(person: string, token: string, ask: Ask): Promise<Receipt> {
      const path = `${methodsOf(person)}/${segment(token)}`
      return receiptOf(await graph.call({ ...ask, method: 'DELETE', path, version }))
    },
  }
}

/** One page of Microsoft's shows PATCH for it, another POST; undefined: neither is taken, or not for these tokens. */
async function addTogether(
  graph: Graph,
  tokens: readonly NewHardwareToken[],
  ask: Ask,
): Promise<Map<string, Receipt | GraphFailure> | undefined> {
  const value = tokens.map((token, place) => ({ '@contentId': String(place + 1), ...bodyOf(token) }))
  const body = { '@context': '#$delta', value }
  for (const method of ['PATCH', 'POST'] as const) {
    try {
      const receipt = receiptOf(await graph.call({ ...ask, method, path: INVENTORY, version, body }))
      return new Map(tokens.map(({ serial }) => [serial, receipt]))
    } catch (error) {
      if (isFailure(error, 'unknownEffect')) return new Map(tokens.map(({ serial }) => [serial, error]))
      // One that is not taken may keep all the others out: each by itself says which.
      if (!isFailure(error, 'badRequest') && !isFailure(error, 'notFound')) throw error
    }
  }
  return undefined
}

async function addEach(
  graph: Graph,
  tokens: readonly NewHardwareToken[],
  ask: Ask,
): Promise<Map<string, Receipt | GraphFailure>> {
  const calls = tokens.map(
    (token): BatchCall<unknown> => ({ method: 'POST', path: INVENTORY, version, body: bodyOf(token) }),
  )
  const results = await graph.batch(calls, ask.lane, ask.signal)
  return new Map(
    results.map((result, place) => [
      tokens[place]?.serial as string,
      result instanceof GraphFailure ? result : receiptOf(result),
    ]),
  )
}

function bodyOf({ serial, manufacturer, model, secret, seconds, hash }: NewHardwareToken) {
  return {
    serialNumber: serial,
    manufacturer,
    model,
    secretKey: secret,
    timeIntervalInSeconds: seconds,
    hashFunction: hash,
  }
}

function tokenOf({ id, serialNumber, status, assignedTo }: z.output<typeof device>): HardwareToken {
  return { id, serial: serialNumber, status: status ?? '', holder: assignedTo?.id ?? null }
}

/** A token has the same id in the inventory and among its holder's methods (beta reference, list of methods). */
function methodsOf(person: string): string {
  return `/users/${segment(person)}/authentication/hardwareOathMethods`
}
