import swagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import * as views from '../src/service.ts'
import type { Api } from './context.ts'
import { Problem } from './problem.ts'
import { withoutUnused } from './without-unused.ts'

/** Describes every route from the schemas that check its requests and write its answers. */
export function describeApi(app: Api): void {
  nameSchemas()
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'wavegate',
        version: '1',
        description:
          'Turns MFA on for the people of a Microsoft Entra tenant in waves, under gates, and back again.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      tags: ['rollouts', 'waves', 'people', 'verbs', 'events', 'files', 'tokens', 'health'].map((name) => ({
        name,
      })),
    },
    transform: (document) => describeBodies(withSecurity(jsonSchemaTransform(document))),
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  })
}

/** The views by name, so that clients get types; descriptions live in Zod's global registry, so names do too. */
function nameSchemas(): void {
  const { RolloutView, RolloutSummary, WaveView, HoldView, CountsView, MemberView, GateView, EventView } =
    views
  const { LeftoverView, MembersPage, ProblemView, TokenView, VerbAnswer, Verb, Role, Phase } = views
  const named = {
    ...{ RolloutView, RolloutSummary, WaveView, HoldView, CountsView, MemberView, GateView, EventView },
    ...{ LeftoverView, MembersPage, ProblemView, TokenView, VerbAnswer, Verb, Role, Phase, Problem },
  }
  for (const [id, schema] of Object.entries(named)) {
    const known = z.globalRegistry.get(schema)
    if (known?.id === undefined) z.globalRegistry.add(schema, { ...known, id })
  }
}

type Transformed = ReturnType<typeof jsonSchemaTransform>

function withSecurity({ schema, url }: Transformed): Transformed {
  return url.startsWith('/api/') ? { schema: { ...schema, security: [{ token: [] }] }, url } : { schema, url }
}

/** A plan may also come as it is, without JSON around it; its parser makes the same body of it. */
function describeBodies({ schema, url }: Transformed): Transformed {
  const { body, consumes } = schema as { body?: unknown; consumes?: readonly string[] }
  if (!consumes?.includes('application/yaml')) return { schema, url }
  const asText = { type: 'string', description: 'the plan' }
  const content = { 'application/json': { schema: body }, 'application/yaml': { schema: asText } }
  return { schema: { ...schema, body: { content } } as typeof schema, url }
}
