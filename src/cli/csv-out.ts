import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fault } from '../errors.ts'
import { refusedBy, withConnection } from './client.ts'
import { type ApiPath, type Connection, readBody } from './connection/connection.ts'

/** Of every command that shows a table. */
export const CSV_OPTION = ['--csv', 'the whole table as CSV, for a spreadsheet'] as const

/** Writes a list of the API as CSV, as it comes. @throws Refused */
export async function printCsv(address: ApiPath): Promise<void> {
  await withConnection(async (connection) => printDownload(connection, address))
}

/** The same where a body says of what. @throws Refused */
export async function printDownload(
  connection: Connection,
  address: ApiPath,
  body?: unknown,
  file?: string,
): Promise<void> {
  const { status, bytes } = await connection.download(address, { accept: 'text/csv' }, body)
  if (status >= 400) throw refusedBy(status, readBody(await text(bytes)), file)
  for await (const piece of bytes) {
    if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
  }
}

/** Keeps an answer in a file. @throws Refused, fileUnwritable */
export async function keepDownload(
  connection: Connection,
  address: ApiPath,
  { body, accept, to, file }: { body: unknown; accept: string; to: string; file: string },
): Promise<void> {
  const { status, bytes } = await connection.download(address, { accept }, body)
  const page = await text(bytes)
  if (status >= 400) throw refusedBy(status, readBody(page), file)
  try {
    writeFileSync(to, page)
  } catch (error) {
    throw fault('fileUnwritable', { file: to, detail: (error as Error).message }, error)
  }
}
