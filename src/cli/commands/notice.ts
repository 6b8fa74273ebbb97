import type { Command } from 'commander'
import type { NoticesView } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { clean, print, printJson, sayTimeOr } from '../output.ts'

export function noticeCommands(notice: Command): void {
  notice
    .command('preview <rollout> <person>')
    .description('every mail the plan sends one person, word by word; nothing is sent')
    .option('--json', 'the answer as JSON')
    .option('--html', 'the mails as they look to whoever gets them')
    .action(async (rollout: string, who: string, { json, html }: { json?: boolean; html?: boolean }) => {
      const body = await withConnection((connection) =>
        ask<NoticesView>(connection, {
          method: 'GET',
          path: path`/rollouts/${rollout}/people/${who}/notices`,
        }),
      )
      if (json) return printJson(body)
      const view = clean(body)
      for (const line of html ? view.notices.map((one) => one.html) : preview(view)) print(line)
    })
}

function preview({ displayName, upn, sender, address, notices }: NoticesView): string[] {
  const to = address ?? 'nowhere: the directory knows no address'
  return [`${displayName} <${upn}>`, `  from ${sender} to ${to}`, ...notices.flatMap(mail)]
}

function mail(one: NoticesView['notices'][number]): string[] {
  const { notice, state, reason, at, sendAt, says, isExpected, language, subject, text } = one
  const when = at === null ? `due ${sayTimeOr(sendAt, 'when its time is known')}` : sayTimeOr(at, '')
  return [
    '',
    `${notice}  ${state}${reason === null ? '' : `: ${reason}`}, ${when}, in ${language}`,
    `  names ${sayTimeOr(says, 'no day')}${isExpected ? ' (expected: the earliest possible day as things stand)' : ''}`,
    `  Subject: ${subject}`,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
  ]
}
