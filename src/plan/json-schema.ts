import { z } from 'zod'
import { planSchema } from './schema.ts'

type JsonNode = { properties?: Record<string, JsonNode>; items?: JsonNode; anyOf?: JsonNode[] }

/** The JSON Schema that editors complete plans with. */
export function planJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(planSchema, { io: 'input', target: 'draft-7' })
}

let drawn: JsonNode | undefined

/** The keys that may stand at a path of a plan. */
export function keysAt(steps: readonly PropertyKey[]): string[] {
  drawn ??= planJsonSchema() as JsonNode
  let nodes: JsonNode[] = [drawn]
  for (const step of steps) {
    nodes = nodes
      .flatMap((node) => [node, ...(node.anyOf ?? [])])
      .map((node) => (typeof step === 'number' ? node.items : node.properties?.[String(step)]))
      .filter((node) => node !== undefined)
  }
  return nodes
    .flatMap((node) => [node, ...(node.anyOf ?? [])])
    .flatMap((node) => Object.keys(node.properties ?? {}))
}
