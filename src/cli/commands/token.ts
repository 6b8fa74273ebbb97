import { type Command, Option } from 'commander'
import { Role } from '../../service/verbs.ts'
import type { TokenView } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { clean, note, print, printJson, printTable, sayTime, sayTimeOr } from '../output.ts'

export function tokenCommands(token: Command): void {
  token
    .command('create')
    .description('makes a token and shows it this once')
    .requiredOption('--for <person>', 'whom it belongs to; what is done with it is done by this person')
    .addOption(new Option('--role <role>', 'what it may do').choices(Role.options).makeOptionMandatory())
    .option('--json', 'the answer as JSON')
    .action(async ({ for: person, role, json }: { for: string; role: Role; json?: boolean }) => {
      const body = await withConnection(
        (connection) =>
          ask<{ token: string; view: TokenView }>(connection, {
            method: 'POST',
            path: path`/tokens`,
            body: { person, role },
          }),
        { mayCreate: true },
      )
      if (json) return printJson(body)
      note(
        `Token ${body.view.id} for ${clean(body.view.person)}, ${role}. It is shown this once and kept nowhere:`,
      )
      print(body.token)
    })

  token
    .command('list')
    .description('all tokens, without their secrets')
    .option('--json', 'the answer as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const body = await withConnection((connection) =>
        ask<{ tokens: TokenView[] }>(connection, { method: 'GET', path: path`/tokens` }),
      )
      if (json) return printJson(body)
      const row = (one: TokenView) => [
        one.id,
        one.person,
        one.role,
        sayTime(one.createdAt),
        one.createdBy,
        sayTimeOr(one.revokedAt, '–'),
      ]
      printTable(['ID', 'PERSON', 'ROLE', 'CREATED', 'BY', 'REVOKED'], clean(body).tokens.map(row))
    })

  token
    .command('revoke <id>')
    .description('ends a token at once')
    .option('--json', 'the answer as JSON')
    .action(async (id: string, { json }: { json?: boolean }) => {
      await withConnection((connection) => ask(connection, { method: 'DELETE', path: path`/tokens/${id}` }))
      if (json) return printJson({ revoked: id })
      print(`Token ${id} is revoked.`)
    })
}
