import type { Command } from 'commander'
import type { PreviewView } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import type { Connection } from '../connection/connection.ts'
import { CSV_OPTION, keepDownload, printDownload } from '../csv-out.ts'
import { wholeNumber } from '../number-option.ts'
import { clean, note, print, printJson } from '../output.ts'
import { digestsOf, readPlanFiles, uploadFiles } from '../plan-files.ts'
import { readPlan } from '../read-plan.ts'
import { previewLines } from '../say-preview.ts'

interface Options {
  html?: string
  csv?: boolean
  json?: boolean
  names?: number
}

/** Names of a kind: a screen bears few, a page opens to more. */
const ON_A_SCREEN = 3
const ON_A_PAGE = 200

export function planPreviewCommand(plan: Command): void {
  plan
    .command('preview <plan.yaml>')
    .description(
      'what a plan means for the people of the tenant, before anybody is touched: who is ready, waves, calls and hours',
    )
    .option('--names <n>', 'as many people of each kind by name', wholeNumber(0, 1000))
    .option('--html <file>', 'one page for a change board, kept in a file')
    .option(...CSV_OPTION)
    .option('--json', 'the answer as JSON')
    .action(async (file: string, options: Options) => {
      const text = readPlan(file)
      const files = readPlanFiles(file, text)
      await withConnection(async (connection) => {
        await uploadFiles(connection, files)
        await preview(connection, { plan: text, files: digestsOf(files) }, file, options)
      })
    })
}

async function preview(
  connection: Connection,
  given: { plan: string; files: Record<string, string> },
  file: string,
  { html, csv, json, names }: Options,
): Promise<void> {
  const address = path`/plans/preview`
  if (csv) return await printDownload(connection, address, given, file)
  if (html !== undefined) {
    const body = { ...given, names: names ?? ON_A_PAGE }
    await keepDownload(connection, address, { body, accept: 'text/html', to: html, file })
    return note(`${html} is written.`)
  }
  const body = { ...given, names: names ?? (json ? ON_A_PAGE : ON_A_SCREEN) }
  const view = await ask<PreviewView>(connection, { method: 'POST', path: address, body }, file)
  if (json) return printJson(view)
  for (const line of previewLines(clean(view))) print(line)
  if (view.facts.gathering && connection.stream !== undefined)
    note('What is missing is being read: `wavegate people gather --watch` says how far that is.')
}
