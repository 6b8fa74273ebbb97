import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { TokenListView } from '../src/service.ts'
import { problems } from './answers.ts'
import type { Api, Context } from './context.ts'

const ListAt = z.object({ digest: z.string().describe('sha256: and 64 hex digits') })
const Named = z.strictObject({
  name: z.string().min(1).max(255).optional().describe('what it was called; told again, and nothing else'),
})

/** Lists of hardware tokens. They hold secrets, and so have a door of their own: nothing of the bytes is kept. */
export function hardwareTokenRoutes(app: Api, { service }: Context): void {
  app.register(async (upload: Api) => {
    upload.removeAllContentTypeParsers()
    upload.addContentTypeParser(
      ['text/csv', 'application/octet-stream'],
      (_request: unknown, bytes: IncomingMessage, done: (error: null, body: IncomingMessage) => void) =>
        done(null, bytes),
    )
    upload.post(
      '/hardware-tokens',
      {
        schema: {
          operationId: 'uploadHardwareTokens',
          tags: ['files'],
          summary: 'Takes a vendor’s list of hardware tokens; the body is its bytes (role: change manager)',
          description:
            'The secrets are sealed at once, and wiped when their token is active; the list is not kept. A plan names it by the digest. 200: it came before; secrets that are wanted again are sealed anew.',
          consumes: ['text/csv', 'application/octet-stream'],
          querystring: Named,
          body: z.custom<IncomingMessage>().meta({ type: 'string', format: 'binary' }),
          response: { 200: TokenListView, 201: TokenListView, ...problems(409, 413, 415, 422) },
        },
      },
      async (request, reply) => {
        const { created, list } = await service.uploadHardwareTokens(request.caller, {
          bytes: request.body,
          name: request.query.name,
        })
        return reply.code(created ? 201 : 200).send(list)
      },
    )
  })

  app.get(
    '/hardware-tokens/:digest',
    {
      schema: {
        operationId: 'showHardwareTokens',
        tags: ['files'],
        summary:
          'A list of hardware tokens: how many, how many secrets are kept, and rows that cannot be used',
        params: ListAt,
        response: { 200: TokenListView, ...problems(404) },
      },
    },
    async ({ params }) => await service.hardwareTokens(params.digest),
  )

  app.delete(
    '/hardware-tokens/:digest',
    {
      schema: {
        operationId: 'wipeHardwareTokens',
        tags: ['files'],
        summary: 'Wipes the secrets of a list that are kept still (role: change manager)',
        description:
          'Whoever was to get a token of it by a rollout that goes on needs somebody to look, until the same list is sent again.',
        params: ListAt,
        response: { 200: TokenListView, ...problems(404) },
      },
    },
    async ({ params, caller }) => await service.wipeHardwareTokens(caller, params.digest),
  )
}
