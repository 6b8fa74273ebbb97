import { basename } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type FileRowsPage, type FileRowView, type FileView, RowStatus } from '../../service.ts'
import { ask, path, withConnection, withQuery } from '../client.ts'
import type { Connection } from '../connection/connection.ts'
import { CSV_OPTION, printCsv } from '../csv-out.ts'
import { EXIT } from '../exit-code.ts'
import { clean, note, print, printJson, printTable } from '../output.ts'
import { readUpload } from '../plan-files.ts'
import { wholeNumber } from './look.ts'

interface Wanted {
  json?: boolean
  csv?: boolean
  unmask?: boolean
  status?: string
  region?: string
  limit: number
  cursor?: string
}

const DIGEST = /^sha256:[0-9a-f]{64}$/

/** Files of people: what would become of each row. */
export function fileCommands(file: Command): void {
  file
    .command('rows <file>')
    .description('what became of each row of a file (or of a digest) against the directory')
    .addOption(new Option('--status <status>', 'only rows that became this').choices(RowStatus.options))
    .option('--region <letters>', 'of numbers without a country, where the directory has none', twoLetters)
    .option('--unmask', 'numbers in full; this is put on record')
    .option('--limit <n>', 'rows a page', wholeNumber, 100)
    .option('--cursor <cursor>', 'goes on where the page before ended')
    .option('--json', 'the answer as JSON')
    .option(...CSV_OPTION)
    .action(async (name: string, { json, csv, unmask, ...page }: Wanted) => {
      const digest = DIGEST.test(name) ? name : await withConnection((connection) => upload(connection, name))
      const query = { ...page, limit: String(page.limit), ...(unmask ? { unmask: 'true' } : {}) }
      const address = withQuery(path`/files/${digest}/rows`, query)
      if (csv) return await printCsv(address)
      const body = await withConnection((connection) =>
        ask<FileRowsPage>(connection, { method: 'GET', path: address }),
      )
      if (json) return printJson(body)
      show(clean(body), DIGEST.test(name) ? digest : name)
    })
}

async function upload(connection: Connection, name: string): Promise<string> {
  const address = withQuery(path`/files`, { name: basename(name) })
  const { digest } = await ask<FileView>(connection, {
    method: 'POST',
    path: address,
    body: readUpload(name),
  })
  return digest
}

function show({ counts, problems, rows, next, kind, encoding, digest }: FileRowsPage, name: string): void {
  for (const { line, severity, code, message, hint } of problems) {
    print(`${name}:${line}: ${severity} ${code}: ${message}\n    ${hint}`)
  }
  if (problems.some(({ severity }) => severity === 'error')) process.exitCode = EXIT.usage
  if (kind === null) return
  print(`${digest}, read as ${encoding}`)
  const said = RowStatus.options.map((status) => `${counts[status]} ${WORDS[status]}`)
  print(`${said.join(' · ')}\n`)
  if (rows.length === 0) {
    note('No row became that.')
    return
  }
  printTable(
    ['LINE', 'BECAME', 'PERSON', 'WHY'],
    rows.map((row) => [String(row.line), WORDS[row.status], row.person?.upn ?? '–', whyOf(row)]),
  )
  if (next !== null) note(`More: --cursor ${next}`)
}

const WORDS: Record<FileRowView['status'], string> = {
  matched: 'matched',
  repaired: 'repaired',
  needsHuman: 'needs a human',
  shared: 'shared',
  notInDirectory: 'not in the directory',
}

function whyOf({ why, repaired }: FileRowView): string {
  if (why !== null) return why
  return repaired.map(({ column, from, to }) => `${column}: ${from} → ${to}`).join('; ') || '–'
}

function twoLetters(text: string): string {
  if (!/^[A-Za-z]{2}$/.test(text)) throw new InvalidArgumentError('It has to be two letters, as DK.')
  return text.toUpperCase()
}
