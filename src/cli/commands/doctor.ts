import type { Command } from 'commander'
import type { DoctorFinding, DoctorReport } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { EXIT } from '../exit-code.ts'
import { clean, print, printJson } from '../output.ts'
import { givenPlan } from '../plan-files.ts'

const SIGNS: Record<DoctorFinding['is'], string> = {
  ok: '✓',
  warning: '!',
  unknown: '?',
  problem: '✗',
}

/** What would be in the way, before anything is begun. */
export function doctorCommand(program: Command): void {
  program
    .command('doctor [plan.yaml]')
    .description(
      'what would be in the way of a plan: machine, credential, licence, tenant, emergency accounts; each with its remedy',
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing is in the way (warnings are not), 4 a problem, or something could not be read.',
    )
    .option('--json', 'the answer as JSON')
    .action(async (file: string | undefined, { json }: { json?: boolean }) => {
      const report = await withConnection(
        async (connection) => {
          const at = path`/doctor`
          if (file === undefined) return await ask<DoctorReport>(connection, { method: 'GET', path: at })
          const body = givenPlan(file)
          return await ask<DoctorReport>(connection, { method: 'POST', path: at, body }, file)
        },
        { mayCreate: true },
      )
      if (report.is === 'problem' || report.is === 'unknown') process.exitCode = EXIT.degraded
      if (json) printJson(report)
      else sayReport(clean(report))
    })
}

function sayReport({ findings, is }: DoctorReport): void {
  for (const one of findings) {
    print(`${SIGNS[one.is]} ${one.check}: ${one.says}`)
    if (one.remedy !== null) print(`    → ${one.remedy}`)
  }
  const count = (which: DoctorFinding['is']) => findings.filter((one) => one.is === which).length
  const say = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`
  const counted = `${say(count('problem'), 'problem')}, ${count('unknown')} unknown, ${say(count('warning'), 'warning')}`
  print(is === 'ok' ? 'Nothing is in the way.' : `${counted}.`)
}
