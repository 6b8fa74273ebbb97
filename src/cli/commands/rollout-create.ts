import type { Command } from 'commander'
import { formatProblem } from '../../plan/problem.ts'
import type { ProblemView, RolloutView } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { clean, note, print, printJson } from '../output.ts'
import { digestsOf, readPlanFiles, uploadFiles } from '../plan-files.ts'
import { readPlan } from '../read-plan.ts'
import { renderTree } from '../tree/render-tree.ts'
import { look } from '../tree/terminal.ts'

export function createCommand(rollout: Command): void {
  rollout
    .command('create <plan.yaml>')
    .description(
      'checks a plan against its rules and the tenant, and keeps it as a draft; - reads standard input',
    )
    .option('--json', 'the answer as JSON')
    .option('--idempotency-key <key>', 'the same key again answers the same draft, and makes no second one')
    .action(async (file: string, { json, idempotencyKey }: { json?: boolean; idempotencyKey?: string }) => {
      const plan = readPlan(file)
      const headers: Record<string, string> =
        idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
      const files = readPlanFiles(file, plan)
      // With files the plan travels inside JSON, beside their digests.
      const sent = files.length === 0 ? plan : { plan, files: digestsOf(files) }
      const body = await withConnection(
        async (connection) => {
          await uploadFiles(connection, files)
          return await ask<{ rollout: RolloutView; warnings: ProblemView[] }>(
            connection,
            { method: 'POST', path: path`/rollouts`, body: sent, headers },
            file,
          )
        },
        { mayCreate: true },
      )
      if (json) return printJson(body)
      const { rollout: view, warnings } = clean(body)
      for (const warning of warnings)
        note(formatProblem(file, warning as Parameters<typeof formatProblem>[1]))
      print(renderTree(view, look()))
      print(
        `Draft ${view.id} is kept. Nobody was touched: \`wavegate rollout start ${view.id} --reason …\` begins.`,
      )
    })
}
