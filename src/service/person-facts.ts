import { z } from 'zod'
import { failedSources, type Settings, settingsOf } from '../engine/cohort-verdicts.ts'
import { everybodyKnown, USUAL, withFailures } from '../engine/people-summary.ts'
import { planOf } from '../engine/plan-of.ts'
import { readStrength } from '../engine/policy-wanted.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { judgedBy } from '../people/answered.ts'
import { type PersonFacts, SOURCES, saySource, sourceSchema } from '../people/facts.ts'
import { maskedPhone } from '../people/phone-words.ts'
import type { Question } from '../people/question.ts'
import { type VerdictInput, type VerdictIs, verdictIsSchema, verdictOf } from '../people/verdict.ts'
import type { FactsPlace, StoredFacts } from '../store/facts.ts'
import { graphFault } from './graph-fault.ts'
import { needRollout } from './look.ts'
import { QuestionView, questionViews } from './person-questions.ts'
import { Time, time, timeOrNull } from './views.ts'

export const VerdictView = z.object({
  is: verdictIsSchema,
  until: Time.nullable().describe('readyUntil: until when'),
  question: z.string().nullable().describe('the open question it waits for'),
  reasons: z.array(z.object({ says: z.string(), source: z.string(), at: Time.describe('of the fact') })),
})

const FactView = z.object({
  source: sourceSchema,
  from: z.string().describe('the source in words'),
  readAt: Time.nullable().describe('null: never read'),
  ageMs: z.int().nullable(),
  failedAt: Time.nullable(),
  why: z.string().nullable().describe('why the last reading failed; what stands beside it is older'),
  facts: z.record(z.string(), z.unknown()).nullable(),
})

export const KnownPersonView = z
  .object({
    personId: z.string(),
    upn: z.string(),
    displayName: z.string(),
    goneAt: Time.nullable().describe('seen no more in the directory since then'),
    verdict: VerdictView,
    facts: z.array(FactView),
    questions: z.array(QuestionView),
  })
  .describe('What is known of a person, each fact with its age, and what follows from it')
export type KnownPersonView = z.infer<typeof KnownPersonView>

export const PeoplePage = z.object({
  people: z.array(
    z.object({ personId: z.string(), upn: z.string(), displayName: z.string(), verdict: VerdictView }),
  ),
  next: z.string().nullable(),
})
export type PeoplePage = z.infer<typeof PeoplePage>

export interface PeopleWanted {
  verdict?: VerdictIs | undefined
  /** Beginning of a sign-in name or a part of a display name. */
  q?: string | undefined
  rollout?: string | undefined
  cursor?: string | undefined
  limit: number
}

type ProtectedAs = NonNullable<VerdictInput['protectedAs']>

interface Judge {
  settings: Settings
  failed: NonNullable<PersonFacts['failed']>
  /** By object id, and emergency accounts by sign-in name too. */
  protected: ReadonlyMap<string, ProtectedAs>
}

/** By the plan of a rollout; without one, by what every plan has that says nothing. */
async function judgeOf(world: World, rolloutId: string | undefined, signal: AbortSignal): Promise<Judge> {
  const failed = await failedSources(world)
  const { read } = world.store
  if (rolloutId === undefined) return { settings: settingsOf(world, USUAL), failed, protected: new Map() }
  const rollout = await needRollout(read, rolloutId)
  const plan = planOf(rollout)
  const guarded = new Map<string, ProtectedAs>()
  for (const { person_id: id, reason } of await read.leftOut(rollout.id))
    if (reason === 'protectedEmergency' || reason === 'protectedGroup') guarded.set(id, reason)
  for (const name of plan.protect.emergencyAccounts) guarded.set(name.toLowerCase(), 'protectedEmergency')
  try {
    const { asked } = await readStrength(world, plan, { lane: 'scan', signal })
    return { settings: settingsOf(world, plan, asked), failed, protected: guarded }
  } catch (error) {
    throw graphFault(error)
  }
}

function verdictView(
  judge: Judge,
  known: StoredFacts,
  questions: readonly Question[] = [],
): z.infer<typeof VerdictView> {
  const protectedAs = judge.protected.get(known.id) ?? judge.protected.get(known.upn)
  const facts = withFailures(known, judge.failed)
  const judged = judgedBy(questions, judge.settings.now)
  const { is, until, reasons, question } = verdictOf({ ...judge.settings, ...judged, facts, protectedAs })
  return {
    is,
    until: timeOrNull(until ?? null),
    question: question ?? null,
    reasons: reasons.map((one) => ({ ...one, at: time(one.at) })),
  }
}

/** @throws personUnknown, rolloutNotFound */
export async function knownPerson(
  world: World,
  who: string,
  rollout: string | undefined,
  signal: AbortSignal,
): Promise<KnownPersonView> {
  const known = await world.store.read.factsOf(who)
  if (!known) throw fault('personUnknown', { person: who })
  const judge = await judgeOf(world, rollout, signal)
  const questions = (await world.store.read.questionsAmong([known.id])).get(known.id) ?? []
  const { failed } = withFailures(known, judge.failed)
  const facts = SOURCES.map((source) => {
    const { at = null, ...rest } = known[source] ?? {}
    const failure = failed?.[source]
    return {
      source,
      from: saySource(source),
      readAt: timeOrNull(at),
      ageMs: at === null ? null : judge.settings.now - at,
      failedAt: timeOrNull(failure?.failedAt ?? null),
      why: failure?.why ?? null,
      facts: at === null ? null : masked(rest),
    }
  })
  const { id: personId, upn, displayName, goneAt } = known
  return {
    personId,
    upn: known.account?.upn ?? upn,
    displayName,
    goneAt: timeOrNull(goneAt),
    verdict: verdictView(judge, known, questions),
    facts,
    questions: await questionViews(world, questions),
  }
}

const NUMBERS: readonly string[] = ['mobilePhone', 'businessPhones', 'mobile', 'alternateMobile', 'office']

/** No number leaves unasked. */
function masked(facts: Record<string, unknown>): Record<string, unknown> {
  const hide = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(hide) : typeof value === 'string' ? maskedPhone(value) : value
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, NUMBERS.includes(name) ? hide(value) : value]),
  )
}

/** People by sign-in name, those of one verdict or all. @throws rolloutNotFound */
export async function listPeople(
  world: World,
  { verdict, q, rollout, cursor, limit }: PeopleWanted,
  signal: AbortSignal,
): Promise<PeoplePage> {
  const judge = await judgeOf(world, rollout, signal)
  const people: PeoplePage['people'] = []
  const wanted = q?.toLowerCase()
  for await (const page of everybodyKnown(world, placeOf(cursor))) {
    const questions = await world.store.read.questionsAmong(page.map(({ id }) => id))
    for (const known of page) {
      if (wanted && !isNamed(known, wanted)) continue
      const view = verdictView(judge, known, questions.get(known.id))
      if (verdict !== undefined && view.is !== verdict) continue
      const { id: personId, upn, displayName } = known
      people.push({ personId, upn: known.account?.upn ?? upn, displayName, verdict: view })
      if (people.length === limit) return { people, next: cursorOf(known) }
    }
  }
  return { people, next: null }
}

function isNamed({ upn, displayName }: StoredFacts, wanted: string): boolean {
  return upn.startsWith(wanted) || displayName.toLowerCase().includes(wanted)
}

function cursorOf({ upn, id }: StoredFacts): string {
  return Buffer.from(JSON.stringify([upn, id])).toString('base64url')
}

const Place = z.tuple([z.string(), z.string()])

function placeOf(cursor: string | undefined): FactsPlace | null {
  if (cursor === undefined) return null
  try {
    const [upn, id] = Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { upn, id }
  } catch (error) {
    throw fault('requestInvalid', { detail: 'cursor is not one that this list gave out' }, error)
  }
}
