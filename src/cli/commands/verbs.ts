import { type Command, Option } from 'commander'
import { fault } from '../../errors.ts'
import { ROLE_NAMES, type Subject, VERBS, Verb } from '../../service/verbs.ts'
import type { RolloutView, VerbAnswer } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import type { ApiPath, Connection } from '../connection/connection.ts'
import { clean, note, print, printJson } from '../output.ts'
import { sayStates } from '../say-states.ts'

interface VerbOptions {
  reason: string
  wave?: string
  person?: string[]
  member?: string[]
  gate?: string[]
  finding?: string[]
  takeOut?: string[]
  by?: string
  approver?: string
  until?: string
  withPreparation?: boolean
  dryRun?: boolean
  ifMatch?: string
  idempotencyKey?: string
  json?: boolean
}

/** As many names of people as fit a screen. */
const SHOWN = 20

/** One command for each verb of the table. */
export function verbCommands(rollout: Command): void {
  for (const verb of Verb.options) {
    const { on, says, roles } = VERBS[verb]
    const command = rollout
      .command(`${verb} <id>`)
      .description(`${says} (${roles.map((role) => ROLE_NAMES[role]).join(' or ')})`)
      .requiredOption('--reason <why>', 'why, in a sentence; kept with the event')
    if (on.includes('wave')) {
      const wave = new Option('--wave <wave>', 'this wave, by name or id')
      command.addOption(on.length === 1 ? wave.makeOptionMandatory() : wave.conflicts('person'))
    }
    if (on.includes('person'))
      command.option('--person <person...>', 'only these people, by object id or user principal name')
    if (verb === 'advance') command.option('--gate <gate...>', 'goes over this gate; name each')
    if (verb === 'accept')
      command.option('--gate <gate...>', 'of a wave, the budget to take as it is; name each')
    if (verb === 'accept' || verb === 'revert')
      command.option(
        '--finding <finding...>',
        'of a rollout, what another hand changed, or securityDefaultsOff, emergencyAccountUnproven; of a person, notProven; name each',
      )
    if (verb === 'revert')
      command.option('--take-out <person...>', 'takes out these people, whom another hand put into the group')
    if (verb === 'extend' || verb === 'shorten')
      command.requiredOption('--by <duration>', 'how much: 90s, 30m, 12h, 3d')
    if (verb === 'adopt')
      command.option(
        '--member <person...>',
        'these people of the group; a dry run without lists who is in it',
      )
    if (verb === 'rollback')
      command.option(
        '--with-preparation',
        'what was done to people before the switch goes back too: phones, tokens',
      )
    if (verb === 'defer')
      command
        .requiredOption('--approver <person>', 'who allows it: somebody else than you')
        .requiredOption('--until <day>', 'the last day it stands, in the zone of the plan: 2026-05-01')
    command
      .option('--dry-run', 'says what would happen and whom it touches; changes nothing')
      .option('--if-match <etag>', 'only if the rollout is still as you saw it')
      .option('--idempotency-key <key>', 'the same key again answers the same, and does nothing twice')
      .option('--json', 'the answer as JSON')
      .action(async (id: string, options: VerbOptions) => {
        const answer = await withConnection((connection) => say(connection, verb, id, options))
        if (options.json) printJson(answer)
        else sayAnswer(clean(answer))
      })
  }
}

async function say(
  connection: Connection,
  verb: Verb,
  id: string,
  options: VerbOptions,
): Promise<VerbAnswer> {
  const { reason, person, gate, dryRun, idempotencyKey } = options
  const etag =
    options.ifMatch ?? (VERBS[verb].ifMatch && !dryRun ? await lookFirst(connection, id) : undefined)
  const headers: Record<string, string> = {}
  if (etag !== undefined) headers['if-match'] = quoted(etag)
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey
  const body = {
    reason,
    dryRun: dryRun === true,
    ...(gate === undefined ? {} : { gates: gate }),
    ...(options.finding === undefined ? {} : { findings: options.finding }),
    ...(options.takeOut === undefined ? {} : { people: options.takeOut }),
    ...(options.by === undefined ? {} : { by: options.by }),
    ...(options.approver === undefined ? {} : { approver: options.approver }),
    ...(options.until === undefined ? {} : { until: options.until }),
    ...(options.withPreparation ? { withPreparation: true } : {}),
    ...(person !== undefined && person.length > 1 ? { people: person } : {}),
    ...(options.member === undefined ? {} : { people: options.member }),
  }
  const subject = subjectOf(options)
  const { on } = VERBS[verb]
  if (!on.includes(subject)) {
    const wanted = on.map((one) => (one === 'person' ? 'one --person' : `--${one}`)).join(' or ')
    throw fault('requestInvalid', { detail: `${verb} needs ${wanted}` })
  }
  return await ask(connection, {
    method: 'POST',
    path: addressOf(verb, id, subject, options),
    body,
    headers,
  })
}

function subjectOf({ wave, person }: VerbOptions): Subject {
  if (person?.length === 1) return 'person'
  return wave === undefined ? 'rollout' : 'wave'
}

function addressOf(
  verb: Verb,
  id: string,
  subject: Subject,
  { wave = '', person = [] }: VerbOptions,
): ApiPath {
  switch (subject) {
    case 'rollout':
      return path`/rollouts/${id}/${verb}`
    case 'wave':
      return path`/rollouts/${id}/waves/${wave}/${verb}`
    case 'person':
      return path`/rollouts/${id}/people/${person[0] ?? ''}/${verb}`
    default:
      return subject satisfies never
  }
}

/** The verb is for the state that is there now, so the person hears which that is. */
async function lookFirst(connection: Connection, id: string): Promise<string> {
  const view = await ask<RolloutView>(connection, { method: 'GET', path: path`/rollouts/${id}` })
  note(`Seen just now: ${sayStates(clean(view))}.`)
  return view.etag
}

/** A shell takes the quotation marks of an ETag away. */
function quoted(etag: string): string {
  return etag === '*' || etag.includes('"') ? etag : `"${etag}"`
}

function sayAnswer({ verb, says, people, requests = [], rollout }: VerbAnswer): void {
  print(`${verb}: ${says}`)
  for (const { method, path, body } of requests)
    print(`  ${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`)
  for (const person of people.slice(0, SHOWN)) print(`  ${person.upn}: ${person.why}`)
  if (people.length > SHOWN) print(`  and ${people.length - SHOWN} more; --json names them all`)
  print(`Now: ${sayStates(rollout)}.`)
}
