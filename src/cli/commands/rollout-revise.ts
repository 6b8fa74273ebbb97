import type { Command } from 'commander'
import type { PlanView, ProblemView, RolloutView } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { clean, note, print, printJson } from '../output.ts'
import { digestsOf, readPlanFiles, uploadFiles } from '../plan-files.ts'
import { readPlan } from '../read-plan.ts'
import { sayStates } from '../say-states.ts'
import { wholeNumber } from './look.ts'

interface Revised {
  changed: boolean
  revision: number
  rollout: RolloutView
  warnings: ProblemView[]
}

interface Options {
  reason: string
  dryRun?: boolean
  ifMatch?: string
  idempotencyKey?: string
  json?: boolean
}

/** The plan of a rollout: as it is, and the next text of it. */
export function planOfRolloutCommands(rollout: Command): void {
  rollout
    .command('plan <id>')
    .description('the plan of a rollout as it was sent, and who revised it')
    .option('--revision <n>', 'an earlier one', wholeNumber)
    .option('--json', 'the answer as JSON')
    .action(async (id: string, { revision, json }: { revision?: number; json?: boolean }) => {
      const query = revision === undefined ? '' : `?revision=${revision}`
      const view = await withConnection((connection) =>
        ask<PlanView>(connection, { method: 'GET', path: `${path`/rollouts/${id}/plan`}${query}` }),
      )
      if (json) return printJson(view)
      const { number, by, at, reason, text, files } = clean(view)
      note(`Revision ${number} by ${by}, ${at}${reason === '' ? '' : `: ${reason}`}`)
      for (const [name, digest] of Object.entries(files)) note(`${name}: ${digest}`)
      print(text.trimEnd())
    })

  rollout
    .command('revise <id> <plan.yaml>')
    .description('puts another text of the plan in force, of a draft or while it is held (change manager)')
    .requiredOption('--reason <why>', 'why, in a sentence; kept with the revision')
    .option('--dry-run', 'checks everything, changes nothing')
    .option('--if-match <etag>', 'only if the rollout is still as you saw it')
    .option('--idempotency-key <key>', 'the same key again answers the same, and does nothing twice')
    .option('--json', 'the answer as JSON')
    .action(async (id: string, file: string, options: Options) => {
      const body = await withConnection(async (connection) => {
        const plan = readPlan(file)
        const files = readPlanFiles(file, plan)
        await uploadFiles(connection, files)
        const seen =
          options.ifMatch ??
          (await ask<RolloutView>(connection, { method: 'GET', path: path`/rollouts/${id}` })).etag
        const headers: Record<string, string> = {
          'if-match': seen === '*' || seen.includes('"') ? seen : `"${seen}"`,
        }
        if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey
        const { reason, dryRun = false } = options
        const revision = { plan, files: digestsOf(files), reason, dryRun }
        return await ask<Revised>(
          connection,
          { method: 'PUT', path: path`/rollouts/${id}/plan`, body: revision, headers },
          file,
        )
      })
      if (options.json) return printJson(body)
      const { changed, revision, rollout: view, warnings } = clean(body)
      for (const { code, message, line, column } of warnings)
        note(`${file}:${line}:${column}: warning ${code}: ${message}`)
      if (options.dryRun) print('It could be put in force; nothing was changed.')
      else print(changed ? `Revision ${revision} is in force.` : 'The plan says so already.')
      print(`Now: ${sayStates(view)}.`)
    })
}
