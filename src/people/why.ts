import type { CompiledMembers, CompiledPlan } from '../plan/compiled-plan.ts'
import { sayShare } from '../plan/units.ts'
import { assignWaves, type WaveAssignment } from './cohort.ts'
import { sayExclusion } from './exclusion.ts'
import type { Person } from './person.ts'
import type { Cut } from './pick.ts'
import { type ResolvedGroups, registerOf } from './population.ts'
import type { Range, Reason } from './reasons.ts'

type WaveReason = Extract<Reason, { kind: 'wave' }>

/** One link of the answer, in a sentence. */
export interface WhyLink {
  about: 'protection' | 'wave'
  says: string
}

/** Why a person is in their wave, or in none. */
export interface WhyChain {
  person: Person | undefined
  /** null: in none. */
  wave: string | null
  links: WhyLink[]
}

/** Why a person is in their wave, or in none, link by link. `personId` is an object id or a sign-in name. */
export function whyChain(
  population: readonly Person[],
  assignment: Pick<WaveAssignment, 'reasons'>,
  personId: string,
): WhyChain {
  const register = registerOf(population)
  const person = register.find(personId)
  const name = (other: string) => register.find(other)?.upn ?? other
  const reasons = assignment.reasons(person?.id ?? personId)
  const last = reasons.at(-1)
  return {
    person,
    wave: last?.kind === 'wave' ? last.wave : null,
    links: reasons.map((reason) => ({
      about: reason.kind === 'excluded' ? 'protection' : 'wave',
      says: sayReason(reason, name),
    })),
  }
}

/** The same in sentences, who and where first. */
export function whyPerson(
  plan: CompiledPlan,
  population: readonly Person[],
  resolved: ResolvedGroups,
  frozen: Readonly<Record<string, readonly string[]>>,
  personId: string,
): string[] {
  const assignment = assignWaves(plan, population, resolved, frozen)
  const { person, wave, links } = whyChain(population, assignment, personId)
  return [sayPlace(person, personId, wave), ...links.map(({ says }) => says)]
}

/** Who it is and where they are: the first sentence of the answer. */
export function sayPlace(
  person: Pick<Person, 'displayName' | 'upn'> | undefined,
  personId: string,
  wave: string | null,
): string {
  const title = person === undefined ? personId : `${person.displayName} (${person.upn})`
  return wave === null ? `${title} is in no wave.` : `${title} is in the wave ${wave}.`
}

function sayReason(reason: Reason, name: (id: string) => string): string {
  switch (reason.kind) {
    case 'notInDirectory':
      return 'The directory does not hold this person.'
    case 'excluded':
      return `This person ${sayExclusion(reason.reason)}, and nothing of ours may touch them.`
    case 'bucket':
      return `Bucket ${reason.bucket} of 10000: the hash of "${reason.salt}:" and the object id.`
    case 'wave':
      return `${reason.wave}: takes ${sayRule(reason.rule, reason.range)}; ${sayVerdict(reason, name)}.`
    case 'outside':
      return reason.reason === 'departmentFull'
        ? 'No later wave takes whom a full department kept back.'
        : 'No wave of the plan takes this person.'
    default:
      return reason satisfies never
  }
}

/** Whom a wave takes, in words. */
export function sayRule(rule: CompiledMembers, range?: Range): string {
  switch (rule.kind) {
    case 'users':
      return 'people by name'
    case 'csv':
      return `people whom ${rule.csv} names`
    case 'group':
      return `members of the group ${rule.group}`
    case 'filter':
      return `people with ${rule.filter.map(({ attribute, values }) => `${attribute} ${values.join(' or ')}`).join(' and ')}`
    case 'share':
      return `${sayShare(rule.shareBp)} of all who are left${range ? `, buckets ${range.from} to ${range.to - 1}` : ''}`
    case 'rest':
      return 'all who are left'
    case 'administrators':
      return 'people with a directory role, who have a policy of their own'
    default:
      return rule satisfies never
  }
}

function sayVerdict({ verdict, range }: WaveReason, name: (id: string) => string): string {
  switch (verdict.is) {
    case 'taken':
      return 'takes this person'
    case 'frozen':
      return 'was frozen with this person in it'
    case 'frozenWithout':
      return 'was frozen without this person'
    case 'late':
      return `is the last open wave, and takes who came too late for ${verdict.after}`
    case 'notLate':
      return `does not take who came too late for ${verdict.after}: so this plan says`
    case 'putBack':
      return `takes this person together with ${name(verdict.other)}, since no later wave would`
    case 'notInSource':
      if (verdict.unmet) return `the ${verdict.unmet.attribute} of this person is another`
      return range === undefined ? 'this person is not among them' : 'this person’s bucket is not among them'
    case 'named':
      return `left to ${verdict.wave}, which names this person`
    case 'cut':
      return `kept for later: ${sayCut(verdict.cut, name)}`
    default:
      return verdict satisfies never
  }
}

function sayCut(cut: Cut, name: (id: string) => string): string {
  switch (cut.limit) {
    case 'max':
      return cut.max === 1 ? 'it takes 1 person at most' : `it takes ${cut.max} people at most`
    case 'department':
      return `it takes ${cut.most} of the ${cut.of} people of ${cut.department} at most`
    case 'manager':
      return cut.is === 'manager'
        ? `it has ${name(cut.other)}, the manager, already`
        : `it has ${name(cut.other)}, who reports to this person, already`
    default:
      return cut satisfies never
  }
}
