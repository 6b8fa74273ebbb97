import type { Command } from 'commander'
import { ROLE_NAMES, VERBS } from '../../service/verbs.ts'
import type { PassAnswer } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { clean, print, printJson } from '../output.ts'
import { type PassOptions, passLines, passOptions, remindOfIdentity } from '../say-pass.ts'

interface Options extends PassOptions {
  reason: string
  idempotencyKey?: string
  json?: boolean
}

/** For anybody in the directory, in a rollout or not. */
export function passCommand(person: Command): void {
  const { says, roles } = VERBS.pass
  const command = person
    .command('pass <person>')
    .description(`${says} (${roles.map((role) => ROLE_NAMES[role]).join(' or ')})`)
    .requiredOption('--reason <why>', 'why, in a sentence; kept with the event')
  passOptions(command)
  command
    .option('--dry-run', 'says what would happen; changes nothing')
    .option('--idempotency-key <key>', 'the same key again makes no second one, and shows none')
    .option('--json', 'the answer as JSON')
    .action(async (who: string, options: Options) => {
      remindOfIdentity(options)
      const { reason, dryRun = false, lifetime, manyUses, confirms, idempotencyKey, json } = options
      const headers: Record<string, string> =
        idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
      const answer = await withConnection((connection) =>
        ask<PassAnswer>(connection, {
          method: 'POST',
          path: path`/people/${who}/pass`,
          body: { reason, dryRun, lifetime, manyUses, confirms },
          headers,
        }),
      )
      if (json) return printJson(answer)
      const { says: said, person: found, pass } = clean(answer)
      print(`${found.displayName} <${found.upn}>: ${said}`)
      for (const line of pass ? passLines(pass) : []) print(line)
    })
}
