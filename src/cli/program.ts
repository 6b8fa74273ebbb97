import { Command } from 'commander'
import { doctorCommand } from './commands/doctor.ts'
import { fileCommands } from './commands/file.ts'
import { freezeCommands } from './commands/freeze.ts'
import { limitsCommand } from './commands/limits.ts'
import { lookCommands } from './commands/look.ts'
import { noticeCommands } from './commands/notice.ts'
import { passCommand } from './commands/pass.ts'
import { peopleCommands } from './commands/people.ts'
import { personCommands } from './commands/person.ts'
import { planCommands } from './commands/plan.ts'
import { planDiffCommand } from './commands/plan-diff.ts'
import { planPermissionsCommand } from './commands/plan-permissions.ts'
import { planPreviewCommand } from './commands/plan-preview.ts'
import { questionCommands } from './commands/question.ts'
import { createCommand } from './commands/rollout-create.ts'
import { planOfRolloutCommands } from './commands/rollout-revise.ts'
import { tokenCommands } from './commands/token.ts'
import { hardwareTokenCommands } from './commands/tokens.ts'
import { verbCommands } from './commands/verbs.ts'
import { watchCommand } from './commands/watch.ts'
import { whyCommand } from './commands/why.ts'
import { addDemo } from './demo.ts'
import { addEmulator } from './emulator.ts'
import { reportError } from './report-error.ts'
import { addServe } from './serve.ts'

const ABOUT = `
It talks to the server at WAVEGATE_URL with WAVEGATE_TOKEN; else to whoever serves the database
WAVEGATE_DB (./wavegate.db) on this machine; else it opens that database itself.

Exit codes: 0 done, 1 error, 2 wrong usage or a refused plan, 3 held or a wave taken back,
4 degraded (people failed or unknown, aborted; a doctor that found a problem or an unknown), 5 rollout taken back, 6 conflict, 7 time up.`

/** Every command there is. */
export function createProgram(): Command {
  const program = new Command('wavegate')
    .description(
      'Turns MFA on for the people of a Microsoft Entra tenant in waves, under gates, and back again',
    )
    .addHelpText('after', ABOUT)
    .exitOverride()
    .showHelpAfterError('  Add --help to see what this command takes.')
  const rollout = program.command('rollout').description('create, watch and steer rollouts')
  createCommand(rollout)
  lookCommands(rollout)
  planOfRolloutCommands(rollout)
  watchCommand(rollout)
  verbCommands(rollout)
  noticeCommands(program.command('notice').description('mails to people about their switch'))
  peopleCommands(program.command('people').description('what is known of people before anybody is touched'))
  questionCommands(program.command('question').description('what only an owner knows of an account'))
  const person = program.command('person').description('one person')
  personCommands(person)
  passCommand(person)
  const plan = program.command('plan').description('check, preview and compare plans')
  planCommands(plan)
  planDiffCommand(plan)
  planPreviewCommand(plan)
  whyCommand(program)
  planPermissionsCommand(plan)
  tokenCommands(program.command('token').description('who may call the API (administrator)'))
  hardwareTokenCommands(program.command('tokens').description('lists of hardware tokens'))
  fileCommands(program.command('file').description('files that plans name'))
  freezeCommands(program)
  limitsCommand(program)
  doctorCommand(program)
  addServe(program)
  addEmulator(program)
  addDemo(program)
  return program
}

/** Runs one command line and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv)
  } catch (error) {
    process.exitCode = reportError(error, argv.includes('--json'))
  }
}
