import { type Settings, settingsOf } from '../engine/cohort-verdicts.ts'
import { planOf } from '../engine/plan-of.ts'
import { readStrength } from '../engine/policy-wanted.ts'
import { type Population, readPopulation } from '../engine/population.ts'
import { previewJudge } from '../engine/preview-people.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { assignWaves, type WaveAssignment } from '../people/cohort.ts'
import type { Person } from '../people/person.ts'
import { sayPlace, whyChain } from '../people/why.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { type GivenPlan, readGiven } from './check-plan.ts'
import { graphFault } from './graph-fault.ts'
import { needRollout } from './look.ts'
import { cohortsThatStand } from './revise-plan.ts'
import { time } from './views.ts'
import { changeSteps, deferralStep, driftSteps, preparationSteps, questionSteps } from './why-member.ts'
import type { WhyStep, WhyView } from './why-view.ts'

interface Sight {
  plan: CompiledPlan
  population: Population
  assignment: WaveAssignment
  settings: Settings
}

/** Which wave of a plan a person would be in, and why. @throws personUnknown */
export async function whyInPlan(
  world: World,
  given: GivenPlan,
  who: string,
  signal: AbortSignal,
): Promise<WhyView> {
  const sight = await look(world, readGiven(world, given).compiled, {}, new Set(), signal)
  const { person, wave, links } = whyChain(sight.population.people, sight.assignment, who)
  if (person === undefined) throw fault('personUnknown', { person: who })
  return viewOf(person, wave, [...links.map(ofPlan), ...(await verdictSteps(world, sight, person))])
}

/** Which wave of a rollout a person is in, why, and what has become of them there. @throws personUnknown */
export async function personWhy(
  world: World,
  who: string,
  rolloutId: string,
  signal: AbortSignal,
): Promise<WhyView> {
  const { read } = world.store
  const rollout = await needRollout(read, rolloutId)
  const frozen = await cohortsThatStand(world, rollout, await read.wavesOf(rollout.id))
  const adopted = await read.adopted(rollout.groupId ?? '')
  const sight = await look(world, planOf(rollout), frozen, adopted, signal)
  const member = await read.member(rollout.id, who)
  const chain = whyChain(sight.population.people, sight.assignment, member?.personId ?? who)
  const { links } = chain
  // Who has left is known by the wave alone.
  const person = chain.person ?? (member && { ...member, id: member.personId })
  if (person === undefined) throw fault('personUnknown', { person: who })
  const wave = member ? ((await read.wave(member.waveId))?.name ?? null) : chain.wave
  const verdict = chain.person ? await verdictSteps(world, sight, chain.person) : []
  const since = await sinceThen(world, rollout, person.id)
  return viewOf(person, wave, [
    ...links.map(ofPlan),
    ...(wave === chain.wave ? [] : [ofRound(wave)]),
    ...verdict,
    ...since,
  ])
}

async function look(
  world: World,
  plan: CompiledPlan,
  frozen: Readonly<Record<string, readonly string[]>>,
  adopted: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Sight> {
  try {
    const ask = { lane: 'scan' as const, signal }
    const found = await readPopulation(world, plan, ask)
    const people = found.people.map((one) => (adopted.has(one.id) ? { ...one, adopted: true } : one))
    const { asked } = await readStrength(world, plan, ask)
    const population = { ...found, people }
    const assignment = assignWaves(plan, people, found.groups, frozen)
    return { plan, population, assignment, settings: settingsOf(world, plan, asked) }
  } catch (error) {
    throw graphFault(error)
  }
}

/** Every reason of the verdict, the verdict itself with the first; then what was asked about the person. */
async function verdictSteps(world: World, sight: Sight, person: Person): Promise<WhyStep[]> {
  const { plan, population, assignment, settings } = sight
  const judge = await previewJudge(world, plan, population, assignment, settings)
  const { read } = world.store
  const questions = (await read.questionsAmong([person.id])).get(person.id) ?? []
  const { verdict } = judge(person, await read.factsOf(person.id), questions)
  const until = verdict.until === undefined ? '' : ` ${time(verdict.until).slice(0, 10)}`
  const reasons = verdict.reasons.map(({ says, source, at }, place): WhyStep => {
    const named = place === 0 ? `Verdict ${verdict.is}${until}: ${says}` : `also: ${says}`
    return { about: 'verdict', says: `${named} (${source}).`, at: time(at) }
  })
  return [...reasons, ...questionSteps(questions, settings.now)]
}

async function sinceThen(world: World, rollout: StoredRollout, id: string): Promise<WhyStep[]> {
  const { read } = world.store
  const deferral = await read.deferral(rollout.id, id)
  const member = await read.member(rollout.id, id)
  return [
    ...(deferral ? [deferralStep(deferral)] : []),
    ...preparationSteps(await read.preparations(rollout.id, [id])),
    ...(member ? changeSteps(member) : []),
    ...driftSteps(await read.driftOf(rollout.id), id),
  ]
}

function ofPlan({ about, says }: { about: 'protection' | 'wave'; says: string }): WhyStep {
  return { about, says, at: null }
}

function ofRound(wave: string | null): WhyStep {
  return {
    about: 'wave',
    says: `Is in ${wave ?? 'no wave'} by now: the waves above were over, or stand as they were frozen.`,
    at: null,
  }
}

function viewOf(
  { id, upn, displayName }: Pick<Person, 'id' | 'upn' | 'displayName'>,
  wave: string | null,
  steps: WhyStep[],
): WhyView {
  return { personId: id, upn, displayName, wave, says: sayPlace({ upn, displayName }, id, wave), steps }
}
