import type { Command } from 'commander'
import type { FreezeView } from '../../service.ts'
import { ask, withConnection } from '../client.ts'
import { clean, print, printJson } from '../output.ts'

interface Options {
  reason: string
  json?: boolean
}

interface Answer {
  changed: boolean
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
      .option('--json', 'the answer as JSON')
      .action(async ({ reason, json }: Options) => {
        const answer = await withConnection((connection) =>
          ask<Answer>(connection, { method: 'POST', path: `/${verb}`, body: { reason } }),
        )
        if (json) printJson(answer)
        else print(sayFreeze(clean(answer)))
      })
  }
}

function sayFreeze({ changed, frozen }: Answer): string {
  const was = changed ? '' : ' It was so already.'
  if (frozen === null) return `Nothing is frozen.${was}`
  return `Frozen since ${frozen.since} by ${frozen.by}: ${frozen.reason}.${was}`
}
