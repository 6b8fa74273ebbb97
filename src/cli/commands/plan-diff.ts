import type { Command } from 'commander'
import type { MoveView, PlanDiff } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import type { Connection } from '../connection/connection.ts'
import { clean, print, printJson, printTable } from '../output.ts'
import { digestsOf, readPlanFiles, uploadFiles } from '../plan-files.ts'
import { readPlan } from '../read-plan.ts'

/** As many people as fit a screen; all of them with --json. */
const SHOWN = 20
const PAGE = 1000

export function planDiffCommand(plan: Command): void {
  plan
    .command('diff <rolloutOrPlan> <plan.yaml>')
    .description(
      'what differs between a rollout (ro_…) or a plan and another plan: keys, and who moves, by name',
    )
    .option('--json', 'the answer as JSON, with everybody who moves')
    .action(async (first: string, second: string, { json }: { json?: boolean }) => {
      const diff = await withConnection(async (connection) => {
        const from = /^ro_\w+$/.test(first) ? { rollout: first } : await given(connection, first)
        const to = await given(connection, second)
        const page = (cursor?: string) =>
          ask<PlanDiff>(
            connection,
            {
              method: 'POST',
              path: path`/plans/diff`,
              body: { from, to, limit: json ? PAGE : SHOWN, ...(cursor === undefined ? {} : { cursor }) },
            },
            second,
          )
        const whole = await page()
        while (json && whole.next !== null) {
          const { moves, next } = await page(whole.next)
          whole.moves.push(...moves)
          whole.next = next
        }
        return whole
      })
      if (json) printJson(diff)
      else sayDiff(clean(diff))
    })
}

async function given(connection: Connection, file: string) {
  const plan = readPlan(file)
  const files = readPlanFiles(file, plan)
  await uploadFiles(connection, files)
  return { plan, files: digestsOf(files) }
}

function sayDiff({ from, to, text, people, moves, problems }: PlanDiff): void {
  if (from === to) {
    print('The two plans say the same.')
    return
  }
  for (const { path: key, from: old, to: now } of text) print(`${key}: ${say(old)} → ${say(now)}`)
  const { moved, in: entering, out } = people
  print(`${moved} people move to another wave, ${entering} are newly in one, ${out} are in none any more.`)
  if (moves.length > 0) {
    const row = (move: MoveView) => [move.upn, move.displayName, move.from ?? '–', move.to ?? '–']
    printTable(['PERSON', 'NAME', 'FROM', 'TO'], moves.map(row))
  }
  const more = moved + entering + out - moves.length
  if (more > 0) print(`and ${more} more; --json names them all`)
  for (const { code, message, severity } of problems) print(`${severity} ${code}: ${message}`)
}

function say(value: unknown): string {
  if (value === undefined) return 'nothing'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
