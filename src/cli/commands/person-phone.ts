import type { Command } from 'commander'
import type { PhoneAnswer } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { clean, print, printJson } from '../output.ts'

interface Options {
  number: string
  type: string
  region?: string
  replace?: boolean
  reason: string
  dryRun?: boolean
  idempotencyKey?: string
  json?: boolean
}

/** One person's number, by hand. */
export function personPhoneCommand(person: Command): void {
  person
    .command('phone <person>')
    .description('register a number for one person (on-call, change manager)')
    .requiredOption('--number <number>', 'as people write it; +45 12345678 leaves no question open')
    .requiredOption('--reason <why>', 'why, in a sentence; kept with the event')
    .option('--type <type>', 'mobile or office', 'mobile')
    .option('--region <country>', 'two letters, for a number without a country code')
    .option('--replace', 'another number of this type gives way')
    .option('--dry-run', 'says what would happen; changes nothing')
    .option('--idempotency-key <key>', 'the same key again answers the same, and does nothing twice')
    .option('--json', 'the answer as JSON')
    .action(async (who: string, options: Options) => {
      const { number, type, region, reason, idempotencyKey, json } = options
      const { replace = false, dryRun = false } = options
      const headers: Record<string, string> =
        idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
      const body = { number, type, ...(region === undefined ? {} : { region }), replace, reason, dryRun }
      const answer = await withConnection((connection) =>
        ask<PhoneAnswer>(connection, { method: 'POST', path: path`/people/${who}/phone`, body, headers }),
      )
      if (json) return printJson(answer)
      const { says, warns } = clean(answer)
      print(says)
      for (const warning of warns) print(`  ${warning}`)
    })
}
