import { z } from 'zod'
import type { Graph } from '../client.ts'
import { all } from '../paging.ts'
import { type Ask, nullableFlag, nullableText, type Receipt, receiptOf, segment } from './ask.ts'

const minutes = z
  .number()
  .nullish()
  .transform((value) => value ?? null)
const target = z.object({ targetType: nullableText, id: z.string() })
const targets = z
  .array(target)
  .nullish()
  .transform((found) => found ?? [])

/** Where Graph leaves something out it is null: nobody's permission. */
const passPolicy = z.object({
  state: z.string(),
  defaultLifetimeInMinutes: minutes,
  minimumLifetimeInMinutes: minutes,
  maximumLifetimeInMinutes: minutes,
  isUsableOnce: nullableFlag,
  includeTargets: targets,
  excludeTargets: targets,
})
export type PassPolicy = z.output<typeof passPolicy>

const standing = z.object({ id: z.string() })

const made = z.object({
  id: z.string(),
  temporaryAccessPass: z.string().min(1),
  startDateTime: nullableText,
  lifetimeInMinutes: minutes,
  isUsableOnce: nullableFlag,
  isUsable: nullableFlag,
  methodUsabilityReason: nullableText,
})
/** A pass with its value, which Graph says this once. */
export type MadePass = z.output<typeof made>

export function accessPassCalls(graph: Graph) {
  const passesOf = (id: string) => `/users/${segment(id)}/authentication/temporaryAccessPassMethods`
  return {
    /** Who may use a temporary access pass, and for how long. */
    async readPassPolicy(ask: Ask): Promise<PassPolicy> {
      const path =
        '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass'
      return (await graph.call({ ...ask, method: 'GET', path, expect: passPolicy })).body
    },

    /** Ids of the passes a person has; Microsoft keeps one. */
    async listPassIds(id: string, ask: Ask): Promise<string[]> {
      return (await all(graph, { ...ask, path: passesOf(id), item: standing })).map((one) => one.id)
    },

    /** Takes the place of a pass that stands. `unknownEffect`: one may stand whose value nobody knows. */
    async createPass(
      id: string,
      body: { lifetimeInMinutes: number; isUsableOnce: boolean },
      ask: Ask,
    ): Promise<{ pass: MadePass; receipt: Receipt }> {
      const answer = await graph.call({ ...ask, method: 'POST', path: passesOf(id), body, expect: made })
      return { pass: answer.body, receipt: receiptOf(answer) }
    },
  }
}
