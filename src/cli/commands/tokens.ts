import type { Command } from 'commander'
import type { TokenListView } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { clean, print, printJson } from '../output.ts'

/** Lists of hardware tokens; `token` is what a caller signs in with. */
export function hardwareTokenCommands(tokens: Command): void {
  tokens
    .command('wipe <digest>')
    .description('overwrites the secrets of a list that are kept still (change manager)')
    .option('--json', 'the answer as JSON')
    .action(async (digest: string, { json }: { json?: boolean }) => {
      const body = await withConnection((connection) =>
        ask<TokenListView>(connection, { method: 'DELETE', path: path`/hardware-tokens/${digest}` }),
      )
      if (json) return printJson(body)
      const view = clean(body)
      const name = view.name ?? view.digest
      print(
        `Of ${name} (${view.tokens} tokens) ${view.secretsKept} secrets are kept. The same list again brings them back.`,
      )
    })
}
