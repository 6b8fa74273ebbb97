import { z } from 'zod'
import { fault, Role, TokenView } from '../src/service.ts'
import { problems } from './answers.ts'
import type { Api, Context } from './context.ts'
import { once, WriteHeaders } from './idempotency.ts'

const NewToken = z.strictObject({
  person: z.string().trim().min(1).max(200).describe('whom it belongs to: who acts with it, not what'),
  role: Role,
})
const Created = z.object({ token: z.string().describe('shown this once, kept nowhere'), view: TokenView })

export function tokenRoutes(app: Api, { service }: Context): void {
  app.post(
    '/tokens',
    {
      schema: {
        operationId: 'createToken',
        tags: ['tokens'],
        summary: 'A token for a person with a role (administrator)',
        headers: WriteHeaders,
        body: NewToken,
        response: { 201: Created, ...problems(409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      service.requireRole(request.caller, ['administrator'], 'making a token')
      const { person, role } = request.body
      const answer = await once(
        service,
        request,
        reply,
        async (keep) => ({
          status: 201,
          body: await service.createToken(request.caller, person, role, keep),
        }),
        ({ status, body }) => ({ status, body: { view: (body as z.infer<typeof Created>).view } }),
      )
      const body = answer.body as z.infer<typeof Created>
      if (body.token === undefined)
        throw fault('tokenAlreadyShown', { id: body.view.id, person: body.view.person })
      return reply.code(201).header('location', `/api/v1/tokens/${body.view.id}`).send(body)
    },
  )

  app.get(
    '/tokens',
    {
      schema: {
        operationId: 'listTokens',
        tags: ['tokens'],
        summary: 'All tokens, without their secrets (administrator)',
        response: { 200: z.object({ tokens: z.array(TokenView) }), ...problems() },
      },
    },
    async (request) => {
      service.requireRole(request.caller, ['administrator'], 'listing tokens')
      return { tokens: await service.listTokens(request.caller) }
    },
  )

  app.delete(
    '/tokens/:id',
    {
      schema: {
        operationId: 'revokeToken',
        tags: ['tokens'],
        summary: 'Revokes a token at once (administrator)',
        params: z.object({ id: z.string() }),
        response: { 204: z.null().describe('revoked'), ...problems(404) },
      },
    },
    async (request, reply) => {
      service.requireRole(request.caller, ['administrator'], 'revoking a token')
      await service.revokeToken(request.caller, request.params.id)
      return reply.code(204).send(null)
    },
  )
}
