import type { Command } from 'commander'
import { readConfig, requireTenant } from '../config.ts'
import { PORT, positiveNumber, wholeNumber } from './number-option.ts'
import { note, print } from './output.ts'
import { untilSignal } from './until-signal.ts'

interface Flags {
  db?: string
  port?: number
  delays?: number
  json?: boolean
}

const ENVIRONMENT = `
Environment: AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET name the tenant and the application;
WAVEGATE_DB, WAVEGATE_PORT, WAVEGATE_GRAPH_URL, WAVEGATE_AUTHORITY and WAVEGATE_LOG the rest;
WAVEGATE_SECRET_KEY is what the secrets of hardware tokens are sealed with.
A certificate that the system does not trust is named in NODE_EXTRA_CA_CERTS.`

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serves the API on loopback and runs the rollouts of a database')
    .option('--db <file>', 'the database; default WAVEGATE_DB or wavegate.db')
    .option(
      '--port <port>',
      'of the API; default WAVEGATE_PORT or 8390; 0: any free one',
      wholeNumber(...PORT),
    )
    .option(
      '--delays <factor>',
      'scales Microsoft’s declared times; only for a tenant on this machine',
      positiveNumber,
    )
    .option('--json', 'the address as JSON')
    .addHelpText('after', ENVIRONMENT)
    .action(serveUntilSignal)
}

async function serveUntilSignal(flags: Flags): Promise<void> {
  const { config, secrets } = readConfig(process.env, flags)
  requireTenant(config, secrets)
  const { serve } = await import('../main.ts')
  const server = await serve({ config, secrets })
  // Before the first line: whoever reads it may answer with a signal at once.
  const signal = untilSignal()
  if (flags.json) print(JSON.stringify({ api: server.url, db: config.db }))
  else print(`wavegate serves ${config.db} at ${server.url}`)
  note(`${await signal}: what is in flight is recorded, then it ends`)
  await server.close()
}
