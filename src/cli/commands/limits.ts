import type { Command } from 'commander'
import type { BucketView, LimitsView } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { print, printJson, printTable, sayTime } from '../output.ts'

/** Microsoft's limits, for whoever asks why it does not go faster. */
export function limitsCommand(program: Command): void {
  program
    .command('limits')
    .description('Microsoft’s limits as the server sees them: used, waiting, held back; and Graph’s clock')
    .option('--json', 'the answer as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const view = await withConnection((connection) =>
        ask<LimitsView>(connection, { method: 'GET', path: path`/limits` }),
      )
      if (json) return printJson(view)
      const head = ['LIMIT', 'USED', 'ALLOWED', 'CEILING', 'CLOSED UNTIL', 'WAITING', 'CALLS', '429']
      printTable(head, view.buckets.map(row))
      print(sayClock(view.clock))
    })
}

function row(one: BucketView): string[] {
  const waiting = Object.entries(one.waiting).filter(([, count]) => count > 0)
  return [
    one.bucket,
    String(one.used),
    `${one.allowed} in ${sayWindow(one.windowMs)} (share ${one.share})`,
    `${one.ceiling} in ${sayWindow(one.ceilingWindowMs)}`,
    one.closedUntil === null
      ? '–'
      : `${sayTime(one.closedUntil).slice(0, -4)}:${one.closedUntil.slice(17, 19)} UTC`,
    waiting.length === 0 ? '–' : waiting.map(([lane, count]) => `${lane} ${count}`).join(', '),
    String(one.sent),
    String(one.throttled),
  ]
}

function sayWindow(ms: number): string {
  return `${Math.round(ms / 10) / 100} s`
}

function sayClock({ skewMs, measuredAt }: LimitsView['clock']): string {
  if (skewMs === null || measuredAt === null) return 'Graph’s clock: not heard yet.'
  const at = `, as of ${sayTime(measuredAt)}`
  if (skewMs === 0) return `Graph’s clock: the same as ours${at}.`
  const apart = `${Math.abs(skewMs) / 1000} s ${skewMs > 0 ? 'ahead of' : 'behind'} ours`
  return `Graph’s clock: ${apart}${at}.`
}
