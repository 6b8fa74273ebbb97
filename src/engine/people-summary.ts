import { z } from 'zod'
import { breathe } from '../clock/breathe.ts'
import { judgedBy } from '../people/answered.ts'
import type { PersonFacts } from '../people/facts.ts'
import { type VerdictIs, verdictIsSchema, verdictOf } from '../people/verdict.ts'
import type { FactsPlace, StoredFacts } from '../store/facts.ts'
import { failedSources, type Settings, settingsOf } from './cohort-verdicts.ts'
import type { World } from './world.ts'

const KEY = 'people.summary'
const PAGE = 2_000

/** As a plan has them that says nothing of it. */
export const USUAL = { telephonyProvider: false, away: { afterMs: 30 * 86_400_000 } }

const summarySchema = z.object({
  at: z.number(),
  people: z.int(),
  verdicts: z.partialRecord(verdictIsSchema, z.int()),
  /** People who can be reached by a phone alone, by the day on which Microsoft stops. */
  phoneOnly: z.array(z.object({ until: z.number(), people: z.int() })),
})
/** How many people are what, whatever a plan asks for. */
export type PeopleSummary = z.infer<typeof summarySchema>

/** Everybody known of, page by page, others having their turn in between. */
export async function* everybodyKnown(world: World, from: FactsPlace | null): AsyncGenerator<StoredFacts[]> {
  let after = from
  for (;;) {
    const page = await world.store.read.factsPage(after, PAGE)
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = { upn: last.upn, id: last.id }
    await breathe(world.clock)
  }
}

/** What a source that failed as a whole means for somebody. */
export function withFailures(facts: PersonFacts, failed: NonNullable<PersonFacts['failed']>): PersonFacts {
  return Object.keys(failed).length === 0 ? facts : { ...facts, failed: { ...failed, ...facts.failed } }
}

export async function summarize(world: World, settings: Settings): Promise<PeopleSummary> {
  const failed = await failedSources(world)
  const verdicts: Partial<Record<VerdictIs, number>> = {}
  const ends = new Map<number, number>()
  let people = 0
  for await (const page of everybodyKnown(world, null)) {
    const questions = await world.store.read.questionsAmong(page.map(({ id }) => id))
    for (const known of page) {
      const facts = withFailures(known, failed)
      const judged = judgedBy(questions.get(known.id) ?? [], settings.now)
      const { is, until } = verdictOf({ ...settings, ...judged, facts })
      verdicts[is] = (verdicts[is] ?? 0) + 1
      if (is === 'readyUntil' && until !== undefined) ends.set(until, (ends.get(until) ?? 0) + 1)
      people++
    }
  }
  const phoneOnly = [...ends].map(([until, count]) => ({ until, people: count }))
  return { at: settings.now, people, verdicts, phoneOnly: phoneOnly.toSorted((a, b) => a.until - b.until) }
}

/** Counts once, after everybody was read, so that a view costs nothing. */
export async function keepSummary(world: World): Promise<PeopleSummary> {
  const summary = await summarize(world, settingsOf(world, USUAL))
  await world.store.tx((writer) => writer.setSetting(KEY, JSON.stringify(summary)))
  return summary
}

export async function lastSummary(world: World): Promise<PeopleSummary | undefined> {
  const kept = await world.store.read.setting(KEY)
  return kept === undefined ? undefined : summarySchema.parse(JSON.parse(kept))
}
