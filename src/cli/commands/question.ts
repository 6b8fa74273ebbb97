import type { Command } from 'commander'
import type { QuestionAnswer, QuestionsPage, QuestionView } from '../../service.ts'
import { ask, path, withConnection, withQuery } from '../client.ts'
import { CSV_OPTION, printCsv } from '../csv-out.ts'
import { clean, note, print, printJson, printTable } from '../output.ts'
import { sayAnswerOf } from '../say-question.ts'

interface ListOptions {
  state?: string
  kind?: string
  owner?: string
  limit: string
  cursor?: string
  csv?: boolean
  json?: boolean
}

interface AnswerOptions {
  reason: string
  saidBy?: string
  until?: string
  dryRun?: boolean
  idempotencyKey?: string
  json?: boolean
}

/** What only an owner knows of an account: is it a person, and may it lose an old program? */
export function questionCommands(question: Command): void {
  question
    .command('list')
    .description('accounts that may be no people, and old programs, each as a question to an owner')
    .option('--state <state>', 'open, answered or withdrawn')
    .option('--kind <kind>', 'person or legacy')
    .option('--owner <person>', 'only those for this manager; nobody: for whoever manages the change')
    .option('--limit <n>', 'questions a page', '100')
    .option('--cursor <cursor>', 'goes on where the page before ended')
    .option(...CSV_OPTION)
    .option('--json', 'the answer as JSON')
    .action(async ({ json, csv, ...wanted }: ListOptions) => {
      const address = withQuery(path`/questions`, wanted as unknown as Record<string, string>)
      if (csv) return await printCsv(address)
      const page = await withConnection((connection) =>
        ask<QuestionsPage>(connection, { method: 'GET', path: address }),
      )
      if (json) return printJson(page)
      const { questions, next } = clean(page)
      if (questions.length === 0) note('No questions.')
      else printTable(['QUESTION', 'STATE', 'TO', 'WHAT'], questions.map(row))
      if (next !== null) note(`There are more: --cursor ${next}`)
    })
  question
    .command('answer <question> <answer>')
    .description(
      'keeps an answer: person, notAPerson, legacyAccepted, legacyMoved or legacyKept (change manager or help desk)',
    )
    .requiredOption('--reason <why>', 'why, in a sentence; kept with the answer')
    .option('--said-by <person>', 'whose word it is, where it is not yours')
    .option('--until <time>', 'from then on it is asked again; 2027-03-01T00:00:00Z')
    .option('--dry-run', 'says what would follow; keeps nothing')
    .option('--idempotency-key <key>', 'the same key again answers the same, and does nothing twice')
    .option('--json', 'the answer as JSON')
    .action(async (id: string, answer: string, options: AnswerOptions) => {
      const { dryRun = false, idempotencyKey, json, ...rest } = options
      const headers: Record<string, string> =
        idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
      const body = { ...rest, answer, dryRun }
      const said = await withConnection((connection) =>
        ask<QuestionAnswer>(connection, {
          method: 'POST',
          path: path`/questions/${id}/answer`,
          body,
          headers,
        }),
      )
      if (json) printJson(said)
      else print(clean(said.says))
    })
}

function row({ id, state, owner, says, answer }: QuestionView): string[] {
  const to = owner === null ? '-' : (owner.upn ?? owner.personId)
  return [id, state, to, answer === null || state === 'open' ? says : sayAnswerOf(answer)]
}
