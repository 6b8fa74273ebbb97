import { type Command, Option } from 'commander'
import { SCENARIOS, type Scenario } from '../emulator/scenario.ts'
import { PORT, positiveNumber, wholeNumber } from './number-option.ts'
import { print } from './output.ts'
import { untilSignal } from './until-signal.ts'

interface Flags {
  people: number
  seed: number
  port: number
  graphPort: number
  state?: string
  delays: number
  scenario: Scenario
  json?: boolean
}

export function addEmulator(program: Command): void {
  program
    .command('emulator')
    .description('a simulated tenant of Microsoft Entra in a process of its own')
    .option('--people <n>', 'how many people it has', wholeNumber(3, 1_000_000), 1_200)
    .option('--seed <n>', 'another tenant of the same size', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--port <port>', 'HTTPS: Graph and authority; 0: any free one', wholeNumber(...PORT), 0)
    .option(
      '--graph-port <port>',
      'the plain-HTTP twin for reading; 0: any free one',
      wholeNumber(...PORT),
      0,
    )
    .option('--state <file>', 'keep the tenant across restarts')
    .option('--delays <factor>', 'scales Microsoft’s delays and the people’s days', positiveNumber, 1)
    .addOption(new Option('--scenario <name>', 'what it is like').choices(SCENARIOS).default('clean'))
    .option('--json', 'the addresses as one line of JSON')
    .action(emulate)
}

async function emulate(flags: Flags): Promise<void> {
  const { startTenant } = await import('../emulator/tenant.ts')
  const { wallClock } = await import('../clock/wall-clock.ts')
  const { state, json, ...rest } = flags
  const tenant = await startTenant({
    clock: wallClock(),
    ...rest,
    ...(state === undefined ? {} : { stateFile: state }),
  })
  const { graph, authority, tenantId, clientId, clientSecret, ca } = tenant
  const said = { graph, tenant: tenant.tenant, authority, tenantId, clientId, clientSecret, ca }
  // Before the first line: whoever reads it may answer with a signal at once.
  const signal = untilSignal()
  if (json) print(JSON.stringify(said))
  else sayTenant(said)
  await signal
  await tenant.close()
}

/** Lines that a shell can take as they are; the certificate goes into a file of the reader's choice. */
function sayTenant(
  said: Record<'graph' | 'tenant' | 'authority' | 'tenantId' | 'clientId' | 'clientSecret' | 'ca', string>,
): void {
  print(`# the tenant in plain HTTP, for reading: ${said.graph}   journal: ${said.graph}/_tenant/journal`)
  print(`export WAVEGATE_GRAPH_URL=${said.tenant} WAVEGATE_AUTHORITY=${said.authority}`)
  print(
    `export AZURE_TENANT_ID=${said.tenantId} AZURE_CLIENT_ID=${said.clientId} AZURE_CLIENT_SECRET=${said.clientSecret}`,
  )
  print('# save the certificate and name its file in NODE_EXTRA_CA_CERTS:')
  print(said.ca.trim())
}
