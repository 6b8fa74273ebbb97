import { CommanderError } from 'commander'
import { Fault } from '../errors.ts'
import { formatProblem, type Problem as PlanProblem } from '../plan/problem.ts'
import { Refused } from './client.ts'
import { EXIT, exitCodeOfRefusal } from './exit-code.ts'
import { clean, printJson } from './output.ts'

type Finding = Record<'message' | 'hint', string>

interface Told {
  code: string
  status: number
  detail: string
  hint: string
  problems?: unknown
  findings?: unknown
}

/** Says what went wrong and what to do about it; answers with the exit code. */
export function reportError(error: unknown, json: boolean): number {
  // Commander has said its piece; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
  const told = toldBy(error)
  if (told === undefined) {
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error)
    console.error(`error internal: Something went wrong inside wavegate.\n  ${cause}`)
    return EXIT.error
  }
  if (json) printJson(error instanceof Refused ? error.problem : told)
  else sayProblem(clean(told), error instanceof Refused ? (error.file ?? 'plan') : 'plan')
  return exitCodeOfRefusal(told)
}

function toldBy(error: unknown): Told | undefined {
  if (error instanceof Refused) return error.problem
  if (!(error instanceof Fault)) return undefined
  const { code, status, message, hint, details } = error
  return { ...details, code, status, detail: message, hint }
}

function sayProblem({ code, detail, hint, problems, findings }: Told, file: string): void {
  if (code === 'planInvalid' && Array.isArray(problems)) {
    for (const problem of problems as PlanProblem[]) console.error(formatProblem(file, problem))
  }
  console.error(`error ${code}: ${detail}`)
  if (code === 'preflightFailed' && Array.isArray(findings)) {
    // The first is the detail.
    for (const also of (findings as Finding[]).slice(1)) console.error(`  also: ${also.message} ${also.hint}`)
  }
  console.error(`  ${hint}`)
}
