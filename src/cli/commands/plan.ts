import type { Command } from 'commander'
import { planJsonSchema } from '../../plan/json-schema.ts'
import { formatProblem } from '../../plan/problem.ts'
import { EXIT } from '../exit-code.ts'
import { lintPlanAndFiles } from '../lint-plan.ts'
import { clean, print, printJson } from '../output.ts'
import { readPlanFiles } from '../plan-files.ts'
import { readPlan } from '../read-plan.ts'

/** Without server or tenant. */
export function planCommands(plan: Command): void {
  plan
    .command('lint <plan.yaml>')
    .description(
      'what is wrong with a plan and the files it names, by line and column; asks no tenant; - reads standard input',
    )
    .option('--json', 'the answer as JSON')
    .action((file: string, { json }: { json?: boolean }) => {
      const text = readPlan(file)
      const loaded = lintPlanAndFiles(text, readPlanFiles(file, text))
      const problems = loaded.ok ? loaded.warnings : loaded.problems
      if (!loaded.ok) process.exitCode = EXIT.usage
      if (json) return printJson({ ok: loaded.ok, planHash: loaded.ok ? loaded.hash : null, problems })
      for (const problem of clean(problems)) print(formatProblem(file, problem))
      const errors = problems.filter(({ severity }) => severity === 'error').length
      print(loaded.ok ? `${file}: good. Plan hash ${loaded.hash}` : `${file}: refused, ${errors} to mend.`)
    })

  plan
    .command('schema')
    .description('the JSON Schema of a plan, for editors')
    .option('--json', 'as always')
    .action(() => printJson(planJsonSchema()))
}
