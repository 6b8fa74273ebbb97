import type { Command } from 'commander'
import type { FreezeView } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { clean, print, printJson } from '../output.ts'

interface Options {
  reason: string
  dryRun?: boolean
  idempotencyKey?: string
  json?: boolean
}

interface Answer {
  changed: boolean
  dryRun: boolean
  says: string
  frozen: FreezeView | null
}

const SAYS = {
  freeze: 'nothing new is applied in any rollout until thaw; rollback stays allowed (on-call)',
  thaw: 'rollouts that were frozen go on (on-call)',
} as const

/** The switch for the whole installation. */
export function freezeCommands(program: Command): void {
  for (const verb of ['freeze', 'thaw'] as const) {
    program
      .command(verb)
      .description(SAYS[verb])
      .requiredOption('--reason <why>', 'why, in a sentence; kept with the event')
      .option('--dry-run', 'says what would happen; changes nothing')
      .option('--idempotency-key <key>', 'the same key again answers the same, and does nothing twice')
      .option('--json', 'the answer as JSON')
      .action(async ({ reason, dryRun = false, idempotencyKey, json }: Options) => {
        const headers: Record<string, string> =
          idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
        const answer = await withConnection((connection) =>
          ask<Answer>(connection, {
            method: 'POST',
            path: path`/${verb}`,
            body: { reason, dryRun },
            headers,
          }),
        )
        if (json) printJson(answer)
        else print(sayFreeze(clean(answer)))
      })
  }
}

function sayFreeze({ changed, says, frozen }: Answer): string {
  const now =
    frozen === null ? 'Nothing is frozen.' : `Frozen since ${frozen.since} by ${frozen.by}: ${frozen.reason}.`
  return changed ? now : `${now} ${says}`
}
