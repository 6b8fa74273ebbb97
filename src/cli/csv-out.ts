import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { refusedBy, withConnection } from './client.ts'
import { type ApiPath, readBody } from './connection/connection.ts'

/** Of every command that shows a table. */
export const CSV_OPTION = ['--csv', 'the whole table as CSV, for a spreadsheet'] as const

/** Writes a list of the API as CSV, as it comes. @throws Refused */
export async function printCsv(address: ApiPath): Promise<void> {
  await withConnection(async (connection) => {
    const { status, bytes } = await connection.download(address, { accept: 'text/csv' })
    if (status >= 400) throw refusedBy(status, readBody(await text(bytes)))
    for await (const piece of bytes) {
      if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
    }
  })
}
