import type { Command } from 'commander'
import { wallClock } from '../../clock/wall-clock.ts'
import type { GatherAnswer, GatheringView, KnownPersonView, PeoplePage } from '../../service.ts'
import { ask, path, withConnection, withQuery } from '../client.ts'
import type { Connection } from '../connection/connection.ts'
import { clean, note, print, printJson, printTable, sayTime, sayTimeOr } from '../output.ts'

const WATCH_MS = 1_000

interface GatherOptions {
  reason?: string
  again?: boolean
  rollout?: string
  wave?: string
  dryRun?: boolean
  watch?: boolean
  idempotencyKey?: string
  json?: boolean
}

interface ListOptions {
  verdict?: string
  q?: string
  rollout?: string
  limit: string
  cursor?: string
  json?: boolean
}

/** What is known of people before anybody is touched. */
export function peopleCommands(people: Command): void {
  people
    .command('gather')
    .description('brings what is known of people up to date, or shows how far that is')
    .option('--reason <why>', 'why, in a sentence; without it nothing is asked for, only shown')
    .option('--again', 'everything, however new it is')
    .option('--rollout <id>', 'with --wave: its people one by one besides (per-user MFA)')
    .option('--wave <name>', 'name or id of the wave')
    .option('--dry-run', 'says what would be read; reads nothing')
    .option('--watch', 'stays until it is done')
    .option('--idempotency-key <key>', 'the same key again answers the same, and does nothing twice')
    .option('--json', 'the answer as JSON')
    .action(async (options: GatherOptions) => {
      const view = await withConnection((connection) => gather(connection, options))
      if (options.json) printJson(view)
      else printGathering(clean(view))
    })
  people
    .command('list')
    .description('people known of, and what is said of each')
    .option('--verdict <verdict>', 'ready, readyUntil, needsNumber, needsLook, legacyClient, away, unknown …')
    .option('--q <text>', 'beginning of a sign-in name, part of a name')
    .option('--rollout <id>', 'judged by the plan of this rollout')
    .option('--limit <n>', 'people a page', '100')
    .option('--cursor <cursor>', 'goes on where the page before ended')
    .option('--json', 'the answer as JSON')
    .action(async ({ json, ...wanted }: ListOptions) => {
      const page = await withConnection((connection) =>
        ask<PeoplePage>(connection, {
          method: 'GET',
          path: withQuery(path`/people`, wanted as Record<string, string>),
        }),
      )
      if (json) return printJson(page)
      const { people: found, next } = clean(page)
      const row = (one: PeoplePage['people'][number]) => [
        one.upn,
        one.verdict.is,
        one.verdict.reasons[0]?.says ?? '',
      ]
      if (found.length === 0) note('Nobody.')
      else printTable(['PERSON', 'VERDICT', 'WHY'], found.map(row))
      if (next !== null) note(`There are more: --cursor ${next}`)
    })
  people
    .command('show <person>')
    .description('what is known of a person, with its age, and what follows from it')
    .option('--rollout <id>', 'judged by the plan of this rollout')
    .option('--json', 'the answer as JSON')
    .action(async (who: string, { json, rollout }: { json?: boolean; rollout?: string }) => {
      const query: Record<string, string> = rollout === undefined ? {} : { rollout }
      const view = await withConnection((connection) =>
        ask<KnownPersonView>(connection, { method: 'GET', path: withQuery(path`/people/${who}`, query) }),
      )
      if (json) return printJson(view)
      for (const line of card(clean(view))) print(line)
    })
}

async function gather(
  connection: Connection,
  { reason, again = false, rollout, wave, dryRun = false, watch, idempotencyKey, json }: GatherOptions,
): Promise<GatheringView> {
  if (reason !== undefined) {
    const headers: Record<string, string> =
      idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
    const body = { reason, again, dryRun, rollout, wave }
    const answer = await ask<GatherAnswer>(connection, {
      method: 'POST',
      path: path`/people/gather`,
      body,
      headers,
    })
    if (!json) note(clean(answer.says))
  }
  const clock = wallClock()
  let said = ''
  for (;;) {
    const view = await ask<GatheringView>(connection, { method: 'GET', path: path`/people/gathering` })
    if (!watch || !view.gathering) return view
    if (view.says !== said) note(clean(view.says))
    said = view.says
    await clock.sleep(WATCH_MS)
  }
}

function printGathering({ says, sources }: GatheringView): void {
  const row = (one: GatheringView['sources'][number]) => [
    one.source,
    one.state,
    sayTimeOr(one.readAt, 'never'),
    String(one.rows),
    one.callsLeft === 0 ? String(one.calls) : `${one.calls} of about ${one.calls + one.callsLeft}`,
    one.why ?? '',
  ]
  printTable(['SOURCE', 'STATE', 'READ', 'ROWS', 'CALLS', 'WHY NOT'], sources.map(row))
  print(says)
}

/** A line each; what is not known of somebody is left out. Times stand as milliseconds in the API. */
function sayFacts(facts: unknown): string[] {
  return Object.entries((facts ?? {}) as Record<string, unknown>).flatMap(([name, value]) => {
    if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return []
    const isTime = typeof value === 'number' && /(At|^from|^to)$/.test(name)
    const said = isTime ? sayTime(new Date(value).toISOString()) : sayValue(value)
    return [`    ${name.padEnd(16)} ${said}`]
  })
}

function sayValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(sayValue).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function card({ displayName, upn, personId, verdict, facts, goneAt }: KnownPersonView): string[] {
  const until = verdict.until === null ? '' : ` ${verdict.until.slice(0, 10)}`
  const lines = [`${displayName} <${upn}>: ${verdict.is}${until}`, `  object id  ${personId}`]
  if (goneAt !== null) lines.push(`  seen no more in the directory since ${sayTime(goneAt)}`)
  for (const { says, source, at } of verdict.reasons) lines.push(`  ${says} (${source}, ${sayTime(at)})`)
  for (const fact of facts) {
    if (fact.readAt !== null)
      lines.push(`  ${fact.source}, read ${sayTime(fact.readAt)}`, ...sayFacts(fact.facts))
    if (fact.why !== null) lines.push(`  ${fact.source}: could not be read: ${fact.why}`)
  }
  return lines
}
