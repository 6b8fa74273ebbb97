import type { Command } from 'commander'
import { fault } from '../../errors.ts'
import type { RolloutSummary, WhyView } from '../../service.ts'
import { ask, path, withConnection, withQuery } from '../client.ts'
import type { Connection } from '../connection/connection.ts'
import { clean, print, printJson, sayTime } from '../output.ts'
import { digestsOf, readPlanFiles, uploadFiles } from '../plan-files.ts'
import { readPlan } from '../read-plan.ts'

interface Options {
  rollout?: string
  plan?: string
  json?: boolean
}

export function whyCommand(program: Command): void {
  program
    .command('why <person>')
    .description('which wave a person is in and why, step by step, and what has become of them')
    .option('--rollout <id>', 'in this rollout; without it in the only one there is')
    .option('--plan <plan.yaml>', 'in this plan, as it would be')
    .option('--json', 'the answer as JSON')
    .action(async (person: string, { json, ...from }: Options) => {
      const view = await withConnection((connection) => why(connection, person, from))
      if (json) return printJson(view)
      for (const line of whyLines(clean(view))) print(line)
    })
}

async function why(connection: Connection, person: string, { rollout, plan }: Options): Promise<WhyView> {
  if (plan !== undefined) {
    const text = readPlan(plan)
    const files = readPlanFiles(plan, text)
    await uploadFiles(connection, files)
    const body = { plan: text, files: digestsOf(files), person }
    return await ask<WhyView>(connection, { method: 'POST', path: path`/plans/why`, body }, plan)
  }
  const id = rollout ?? (await onlyRollout(connection))
  const address = withQuery(path`/people/${person}/why`, { rollout: id })
  return await ask<WhyView>(connection, { method: 'GET', path: address })
}

async function onlyRollout(connection: Connection): Promise<string> {
  const { rollouts } = await ask<{ rollouts: RolloutSummary[] }>(connection, {
    method: 'GET',
    path: path`/rollouts`,
  })
  const [only] = rollouts
  if (only === undefined || rollouts.length > 1)
    throw fault('requestInvalid', {
      detail: `there are ${rollouts.length} rollouts: name one with --rollout, or a plan with --plan`,
    })
  return only.id
}

/** The answer as text, a step a line. */
export function whyLines({ says, steps }: WhyView): string[] {
  return [
    says,
    ...steps.map(
      ({ about, says: step, at }) => `  ${about.padEnd(11)} ${step}${at === null ? '' : ` ${sayTime(at)}`}`,
    ),
  ]
}
