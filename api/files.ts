import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { FileRowsPage, FileView, RowStatus } from '../src/service.ts'
import { GRAPH, problems } from './answers.ts'
import type { Api, Context } from './context.ts'
import { answerTable, FORMAT, tableAnswer } from './csv.ts'
import { fileRowColumns } from './csv-columns.ts'

const FileAt = z.object({ digest: z.string().describe('sha256: and 64 hex digits') })
const Named = z.strictObject({
  name: z.string().min(1).max(255).optional().describe('what it was called; told again, and nothing else'),
})
const Page = z.strictObject({
  cursor: z.string().min(1).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  status: RowStatus.optional().describe('only rows that became this'),
  region: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .optional()
    .describe('two letters: of numbers without a country, where the directory has none for the person'),
  unmask: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('numbers in full; on record. Role: change manager or on-call'),
  ...FORMAT,
})

/** Files that plans name. A request never names a path: bytes come in, a digest goes out. */
export function fileRoutes(app: Api, { service }: Context): void {
  app.register(async (upload: Api) => {
    upload.removeAllContentTypeParsers()
    // The body stays a stream: it is hashed and kept part by part.
    upload.addContentTypeParser(
      ['text/csv', 'application/octet-stream'],
      (_request: unknown, bytes: IncomingMessage, done: (error: null, body: IncomingMessage) => void) =>
        done(null, bytes),
    )
    upload.post(
      '/files',
      {
        schema: {
          operationId: 'uploadFile',
          tags: ['files'],
          summary: 'Keeps a file that a plan names; the body is its bytes (role: change manager)',
          description: 'A plan names it by the digest. 200: these bytes are here already.',
          consumes: ['text/csv', 'application/octet-stream'],
          querystring: Named,
          body: z.custom<IncomingMessage>().meta({ type: 'string', format: 'binary' }),
          response: { 200: FileView, 201: FileView, ...problems(413, 415) },
        },
      },
      async (request, reply) => {
        const { created, file } = await service.uploadFile(request.caller, {
          bytes: request.body,
          name: request.query.name,
        })
        return reply.code(created ? 201 : 200).send(file)
      },
    )
  })

  app.get(
    '/files/:digest/rows',
    {
      schema: {
        operationId: 'listFileRows',
        tags: ['files'],
        summary: 'What each row of a file became, against the directory as it is now',
        description:
          'Only columns that are read are shown, numbers masked. CSV: all rows. Role: change manager, approver or on-call.',
        params: FileAt,
        querystring: Page,
        response: { 200: tableAnswer(FileRowsPage), ...problems(404, 422, GRAPH) },
      },
    },
    async (request, reply) => {
      const { caller, params, query } = request
      const { format: _, ...page } = query
      await answerTable(
        request,
        reply,
        () => service.fileRows(caller, params.digest, page),
        async () => {
          const { headers, rows } = await service.everyFileRow(caller, params.digest, page)
          return { name: `rows-${page.status ?? 'all'}`, columns: fileRowColumns(headers), rows }
        },
      )
      return reply
    },
  )
}
