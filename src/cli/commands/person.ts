import type { Command } from 'commander'
import { sayPrepareOutcome } from '../../service/preparation-view.ts'
import type { PersonView } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { clean, print, printJson, sayTime, sayTimeOr } from '../output.ts'
import { sayQuestion } from '../say-question.ts'
import { personPhoneCommand } from './person-phone.ts'

export function personCommands(person: Command): void {
  personPhoneCommand(person)
  person
    .command('show <rollout> <person>')
    .description('one card: what was asked, in place, proven, and since when')
    .option('--json', 'the answer as JSON')
    .action(async (rollout: string, who: string, { json }: { json?: boolean }) => {
      const body = await withConnection((connection) =>
        ask<PersonView>(connection, {
          method: 'GET',
          path: path`/rollouts/${rollout}/people/${who}`,
        }),
      )
      if (json) return printJson(body)
      for (const line of card(clean(body))) print(line)
    })
}

function card(one: PersonView): string[] {
  const lines = [
    `${one.displayName} <${one.upn}>, ${one.wave === '' ? 'in no wave' : `wave ${one.wave}`}`,
    `  object id   ${one.personId}`,
    `  outcome     ${one.outcome}${one.reason === null ? '' : `: ${one.reason}`}`,
    `  asked       ${sayTimeOr(one.requestedAt, 'not yet')}`,
    `  in place    ${sayTimeOr(one.inPlaceAt, 'not yet')}`,
    `  proven      ${sayTimeOr(one.provenAt, 'not yet: no sign-in has met the policy')}`,
    `  locked out  ${one.lockedOutNow ? 'now, since' : 'not now; last:'} ${sayTimeOr(one.lockedOutAt, 'never')}`,
  ]
  if (one.deferred !== null) lines.push(`  deferred    ${one.deferred}`)
  if (one.readiness !== null) lines.push(`  readiness   ${one.readiness}`)
  if (one.restore !== null) {
    lines.push(
      `  taken back  ${one.restore}, ${sayTimeOr(one.restoredAt, 'not read back yet')}${one.restoreReason === null ? '' : `: ${one.restoreReason}`}`,
    )
  }
  for (const { step, outcome, reason, at, warns, restore } of one.preparations) {
    const back = restore === null ? '' : `; taken back: ${restore}`
    lines.push(
      `  ${step.padEnd(11)} ${sayPrepareOutcome(outcome, 1)}, ${sayTimeOr(at, '')}${reason === null ? '' : `: ${reason}`}${back}`,
    )
    if (warns !== null) lines.push(`${' '.repeat(14)}warning: ${warns}`)
  }
  if (one.sessions !== null) {
    const { outcome, at, reason } = one.sessions
    lines.push(`  sessions    ${outcome}, ${sayTimeOr(at, '')}${reason === null ? '' : `: ${reason}`}`)
  }
  for (const { notice, state, reason, at, says } of one.notices) {
    const names = says === null ? '' : `, names ${sayTime(says)}`
    lines.push(
      `  mail        ${notice}: ${state}, ${sayTimeOr(at, 'to come')}${names}${reason === null ? '' : `: ${reason}`}`,
    )
  }
  return [...lines, ...one.questions.flatMap(sayQuestion), ...isItUsLines(one.isItUs)]
}

function isItUsLines({ says, remedy, lines }: PersonView['isItUs']): string[] {
  const log = lines.map(
    ({ at, says: what, app }) => `    ${sayTimeOr(at, '')}  ${what}${app === null ? '' : `, ${app}`}`,
  )
  return [`  is it us?   ${says}`, `    ${remedy}`, ...(log.length > 0 ? ['  log', ...log] : [])]
}
