import { type Command, InvalidArgumentError } from 'commander'
import type {
  FindingView,
  GateView,
  LeftOutView,
  LeftoverView,
  MembersPage,
  RolloutSummary,
} from '../../service.ts'
import { ask, path, withConnection, withQuery } from '../client.ts'
import type { ApiPath } from '../connection/connection.ts'
import { CSV_OPTION, printCsv } from '../csv-out.ts'
import { clean, note, print, printJson, printTable, sayTime, sayTimeOr } from '../output.ts'

interface Json {
  json?: boolean
  csv?: boolean
}

const JSON_OPTION = ['--json', 'the answer as JSON'] as const

/** What there is to see of a rollout without a tree. */
export function lookCommands(rollout: Command): void {
  rollout
    .command('list')
    .description('all rollouts')
    .option(...JSON_OPTION)
    .option(...CSV_OPTION)
    .action(async ({ json, csv }: Json) => {
      if (csv) return await printCsv(path`/rollouts`)
      const body = await get<{ rollouts: RolloutSummary[] }>(path`/rollouts`)
      if (json) return printJson(body)
      const { rollouts } = clean(body)
      if (rollouts.length === 0)
        return note('There is no rollout yet: `wavegate rollout create <plan.yaml>` makes one.')
      const row = (one: RolloutSummary) => [
        one.id,
        one.name,
        one.state,
        one.phase,
        one.change,
        sayTime(one.createdAt),
        one.createdBy,
      ]
      printTable(['ID', 'NAME', 'STATE', 'PHASE', 'CHANGE', 'CREATED', 'BY'], rollouts.map(row))
    })

  rollout
    .command('members <id> <wave>')
    .description('who is in a wave, and how it stands with them')
    .option(
      '--outcome <outcome>',
      'only members of this outcome: done, already, failed, unknown, pending, deferred …',
    )
    .option('--limit <n>', 'members a page', wholeNumber, 100)
    .option('--cursor <cursor>', 'goes on where the page before ended')
    .option(...JSON_OPTION)
    .option(...CSV_OPTION)
    .action(async (id: string, wave: string, { json, csv, ...page }: Json & Record<string, string>) => {
      const address = withQuery(path`/rollouts/${id}/waves/${wave}/members`, page)
      if (csv) return await printCsv(address)
      const body = await get<MembersPage>(address)
      if (json) return printJson(body)
      const { members, next } = clean(body)
      const row = (one: MembersPage['members'][number]) => {
        const since = sayTimeOr(one.inPlaceAt, '–')
        const locked = one.lockedOutNow ? 'now' : one.lockedOutAt === null ? 'no' : 'was'
        return [
          one.upn,
          one.outcome,
          one.deferred ?? one.reason ?? '–',
          since,
          sayTimeOr(one.provenAt, '–'),
          locked,
          one.restore ?? '–',
        ]
      }
      printTable(
        ['PERSON', 'OUTCOME', 'WHY', 'IN PLACE', 'PROVEN', 'LOCKED OUT', 'RESTORED'],
        members.map(row),
      )
      if (next !== null) note(`More: --cursor ${next}`)
    })

  rollout
    .command('gates <id> <wave>')
    .description('what the gates of a wave said last')
    .option(...JSON_OPTION)
    .option(...CSV_OPTION)
    .action(async (id: string, wave: string, { json, csv }: Json) => {
      if (csv) return await printCsv(path`/rollouts/${id}/waves/${wave}/gates`)
      const body = await get<{ gates: GateView[] }>(path`/rollouts/${id}/waves/${wave}/gates`)
      if (json) return printJson(body)
      const { gates } = clean(body)
      if (gates.length === 0) return note('No gate of this wave has been asked yet.')
      for (const gate of gates)
        print(`${gate.gate}: ${gate.verdict}. ${gate.says} (read ${sayTime(gate.at)})`)
    })

  rollout
    .command('drift <id>')
    .description('what another hand changed in the tenant, and how each finding was settled')
    .option(...JSON_OPTION)
    .option(...CSV_OPTION)
    .action(async (id: string, { json, csv }: Json) => {
      if (csv) return await printCsv(path`/rollouts/${id}/drift`)
      const body = await get<{ drift: FindingView[] }>(path`/rollouts/${id}/drift`)
      if (json) return printJson(body)
      const { drift } = clean(body)
      if (drift.length === 0) return note('Policies, groups and people are as they were left.')
      const settled = (one: FindingView) =>
        one.settled ? `${one.settled.how} by ${one.settled.by}: ${one.settled.reason}` : 'open'
      printTable(
        ['FINDING', 'WHAT', 'FOUND', 'SETTLED'],
        drift.map((one) => [one.finding, one.says, sayTime(one.foundAt), settled(one)]),
      )
    })

  rollout
    .command('leftovers <id>')
    .description('people who are not under MFA by this rollout, and why')
    .option(...JSON_OPTION)
    .option(...CSV_OPTION)
    .action(async (id: string, { json, csv }: Json) => {
      if (csv) return await printCsv(path`/rollouts/${id}/leftovers`)
      const body = await get<{ leftovers: LeftoverView[] }>(path`/rollouts/${id}/leftovers`)
      if (json) return printJson(body)
      const { leftovers } = clean(body)
      if (leftovers.length === 0) return note('Nobody is left over.')
      printTable(
        ['PERSON', 'NAME', 'WAVE', 'WHY'],
        leftovers.map((one) => [one.upn, one.displayName, one.wave ?? '', one.reason]),
      )
    })

  rollout
    .command('left-out <id>')
    .description('people who are in no wave, and why')
    .option(...JSON_OPTION)
    .option(...CSV_OPTION)
    .action(async (id: string, { json, csv }: Json) => {
      if (csv) return await printCsv(path`/rollouts/${id}/left-out`)
      const body = await get<{ leftOut: LeftOutView[] }>(path`/rollouts/${id}/left-out`)
      if (json) return printJson(body)
      const { leftOut } = clean(body)
      if (leftOut.length === 0) return note('Nobody is left out; or no wave has been prepared yet.')
      printTable(
        ['PERSON', 'NAME', 'WHY'],
        leftOut.map((one) => [one.upn, one.displayName, one.reason]),
      )
    })

  rollout
    .command('explain <id>')
    .description('in words: what each wave does, what holds it, what lifts that')
    .option(...JSON_OPTION)
    .action(async (id: string, { json }: Json) => {
      const body = await get<{ lines: string[] }>(path`/rollouts/${id}/explain`)
      if (json) return printJson(body)
      for (const line of clean(body).lines) print(line)
    })
}

function get<T>(address: ApiPath): Promise<T> {
  return withConnection((connection) => ask<T>(connection, { method: 'GET', path: address }))
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.')
  return Number(text)
}
