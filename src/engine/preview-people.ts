import { breathe } from '../clock/breathe.ts'
import { judgedBy } from '../people/answered.ts'
import type { WaveAssignment } from '../people/cohort.ts'
import type { PersonFacts } from '../people/facts.ts'
import type { Person } from '../people/person.ts'
import type { Previewed } from '../people/preview-shares.ts'
import type { Question } from '../people/question.ts'
import { type VerdictInput, verdictOf } from '../people/verdict.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { StoredFacts } from '../store/facts.ts'
import { failedSources, type Settings } from './cohort-verdicts.ts'
import { registrationOf } from './gather-reports.ts'
import { everybodyKnown, withFailures } from './people-summary.ts'
import type { Population } from './population.ts'
import type { World } from './world.ts'

/** With what only some steps ask for, as far as it was read. */
export interface PreviewedKnown extends Previewed {
  managerId: string | undefined
  /** null: has no address; undefined: was not read. */
  mail: string | null | undefined
}

/** People judged between two turns of everybody else. */
const PARTY = 2_000

type Judge = (
  person: Person,
  known: StoredFacts | undefined,
  questions: readonly Question[] | undefined,
) => PreviewedKnown

/**
 * Says of one person what the preview says: directory and registration report as they were just read, the rest as it is
 * known from before.
 */
export async function previewJudge(
  world: World,
  plan: CompiledPlan,
  { report, hasReport }: Population,
  assignment: WaveAssignment,
  settings: Settings,
): Promise<Judge> {
  const { account: _account, registration, ...others } = await failedSources(world)
  const failed = hasReport ? others : { ...others, ...(registration && { registration }) }
  const rows = new Map(report.map((row) => [row.id, row]))
  const place = placesOf(plan, assignment)
  return (person, known, questions = []) => {
    const { wave, protectedAs, taken } = place(person.id)
    const row = rows.get(person.id)
    // Who may take on a role counts as holding it, as in the waves.
    const { isAdmin } = person
    const registered = row ? { ...registrationOf(row, settings.now), isAdmin } : { at: settings.now, isAdmin }
    const facts: PersonFacts = {
      ...known,
      id: person.id,
      account: accountOf(person, known, settings.now),
      ...(hasReport && { registration: registered }),
    }
    const judged = judgedBy(questions, settings.now)
    const whole = withFailures(facts, failed)
    const verdict = verdictOf({ ...settings, ...judged, facts: whole, protectedAs, taken })
    const managerId = person.managerId ?? known?.account?.managerId
    const mail = person.mail ?? (known?.account ? (known.account.mail ?? null) : undefined)
    return { person, wave, verdict, managerId, mail }
  }
}

/** Everybody of the directory with their wave and verdict, by sign-in name. */
export async function previewPeople(
  world: World,
  people: readonly Person[],
  judge: Judge,
): Promise<PreviewedKnown[]> {
  const byId = new Map(people.map((person) => [person.id, person]))
  const found: PreviewedKnown[] = []
  for await (const page of everybodyKnown(world, null)) {
    const questions = await world.store.read.questionsAmong(page.map(({ id }) => id))
    for (const known of page) {
      const person = byId.get(known.id)
      if (person === undefined) continue
      byId.delete(known.id)
      found.push(judge(person, known, questions.get(known.id)))
    }
  }
  let count = 0
  for (const person of byId.values()) {
    found.push(judge(person, undefined, undefined))
    if (++count % PARTY === 0) await breathe(world.clock)
  }
  return found.sort((a, b) => (a.person.upn < b.person.upn ? -1 : 1))
}

function accountOf(person: Person, known: StoredFacts | undefined, at: number): PersonFacts['account'] {
  const { upn, displayName, accountEnabled, userType } = person
  const { licence = 'unknown', ...rest } = known?.account ?? {}
  return { ...rest, licence, at, upn, displayName, accountEnabled, userType }
}

type Place = Pick<VerdictInput, 'protectedAs' | 'taken'> & { wave: string | null }

/** Who is in an administrators' wave is judged like anybody else. */
function placesOf(plan: CompiledPlan, { waves, outside }: WaveAssignment): (id: string) => Place {
  const places = new Map<string, Place>()
  for (const [index, { wave, members }] of waves.entries()) {
    const administrators = plan.waves[index]?.members.kind === 'administrators'
    const place: Place = { wave, ...(administrators && { taken: { administrators } }) }
    for (const id of members) places.set(id, place)
  }
  for (const { id, reason } of outside) {
    const isProtected = reason === 'protectedEmergency' || reason === 'protectedGroup'
    places.set(id, { wave: null, ...(isProtected && { protectedAs: reason }) })
  }
  return (id) => places.get(id) ?? { wave: null }
}
