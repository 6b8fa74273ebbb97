import type { FactsOf, PersonFacts } from './facts.ts'
import { type Question, type QuestionKind, questionId, stateOf } from './question.ts'
import { sayDaysAgo } from './say-day.ts'
import { ENOUGH, pointsOf, type Sign } from './signs.ts'

export interface AskInput {
  facts: PersonFacts
  signs: readonly Sign[]
  /** Questions asked about this person before. */
  earlier: readonly Question[]
  now: number
}

/**
 * Questions about one person as they stand now: those that are new, and earlier ones with what they rest on today. Who
 * may be no person is asked about that first; the old program waits for the answer. Answers stay as they were given.
 */
export function questionsAbout({ facts, signs, earlier, now }: AskInput): Question[] {
  const { account, legacy, failed } = facts
  if (account === undefined) return []
  const clients = (legacy?.clients ?? []).map(({ addresses, ...use }) => ({
    ...use,
    addresses: addresses.length,
  }))
  const before = (kind: QuestionKind) => earlier.find((one) => one.kind === kind)
  const about = (kind: QuestionKind, isAsked: boolean, says: string): Question[] => {
    const known = before(kind)
    if (known === undefined && !isAsked) return []
    const base = {
      id: questionId(kind, facts.id),
      personId: facts.id,
      kind,
      ownerId: account.managerId ?? null,
    }
    // What could not be read again speaks neither for nor against it.
    const isKept = isAsked || (failed !== undefined && known?.withdrawnAt === null)
    return [
      {
        ...base,
        says: isAsked || known === undefined ? says : known.says,
        evidence: isAsked || known === undefined ? { signs: [...signs], clients } : known.evidence,
        askedAt: known?.askedAt ?? now,
        withdrawnAt: isKept ? null : (known?.withdrawnAt ?? now),
        answer: known?.answer ?? null,
      },
    ]
  }
  const asked = about('person', pointsOf(signs) >= ENOUGH, sayPerson(facts, signs))
  const isDecided = asked.every((one) => stateOf(one, now) !== 'open' && one.answer?.is !== 'notAPerson')
  return [...asked, ...about('legacy', clients.length > 0 && isDecided, sayLegacy(facts, now))]
}

function named({ account }: PersonFacts): string {
  return `${account?.displayName} <${account?.upn}>`
}

function sayPerson(facts: PersonFacts, signs: readonly Sign[]): string {
  return `Is ${named(facts)} a person? The account ${signs.map((one) => one.says).join('; ')}.`
}

function sayLegacy(facts: PersonFacts, now: number): string {
  const uses = facts.legacy?.clients ?? []
  const programs = uses.map((one) => one.client).join(' and ')
  return `May ${named(facts)} lose ${programs}? MFA ends it: ${uses.map((one) => sayUse(one, now)).join('; ')}.`
}

function sayUse({ client, times, lastAt }: FactsOf<'legacy'>['clients'][number], now: number): string {
  return `${client} was used ${times === 1 ? 'once' : `${times} times`} in 30 days, last ${sayDaysAgo(lastAt, now)}`
}
