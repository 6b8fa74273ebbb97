import { callsOfPlan, enforcingMs, limitsUsed } from '../engine/call-estimate.ts'
import { settingsOf } from '../engine/cohort-verdicts.ts'
import { askToGather } from '../engine/gather-task.ts'
import { readStrength } from '../engine/policy-wanted.ts'
import { type PreviewedKnown, previewJudge, previewPeople } from '../engine/preview-people.ts'
import { withSecurityDefaults } from '../engine/security-defaults.ts'
import type { World } from '../engine/world.ts'
import { defaultShare } from '../graph/limits.ts'
import { saySource } from '../people/facts.ts'
import { PHONE_WAY_OUT, phoneCountdown } from '../people/phone-countdown.ts'
import { byVerdict, verdictCounts } from '../people/preview-shares.ts'
import { sayVerdict } from '../people/say-verdict.ts'
import { spreadOf, withTheirManager } from '../people/spread.ts'
import { sayRule } from '../people/why.ts'
import { checkPlan, type FittingPlan, type GivenPlan } from './check-plan.ts'
import { gatheringView } from './gathering-view.ts'
import { graphFault } from './graph-fault.ts'
import { previewedView, previewPart } from './preview-part.ts'
import { previewPreparing } from './preview-preparing.ts'
import { outsideParts, sayOutside } from './preview-untouched.ts'
import type { PreviewedView, PreviewView } from './preview-view.ts'
import { sayLimit } from './say-limit.ts'
import { sayRevocation } from './sessions-view.ts'
import { tenantFindingView } from './tenant-finding-view.ts'
import { time } from './views.ts'

interface Read {
  fits: FittingPlan
  people: PreviewedKnown[]
}

/** What a plan means for the people of this tenant; the first `names` of each kind by name. Changes nothing. */
export async function previewPlan(
  world: World,
  given: GivenPlan,
  names: number,
  signal: AbortSignal,
): Promise<PreviewView> {
  const { fits, people } = await readForPreview(world, given, signal)
  const { plan, compiled, assignment, defaults } = fits
  const now = world.clock.now()
  const steps = await ofGraph(previewPreparing(world, compiled, people, names, { lane: 'scan', signal }))
  const byWave = Map.groupBy(people, ({ wave }) => wave)
  const membersOf = (name: string) => byWave.get(name) ?? []
  const numbers = steps.find(({ view }) => view.step === 'phones')?.writes
  const sizes = compiled.waves.map((wave) => {
    const members = membersOf(wave.name)
    const writes = numbers ? members.filter(({ person }) => numbers.has(person.id)).length : 0
    return { wave, people: members.length, numbers: writes }
  })
  const rows = callsOfPlan(world, compiled, people.length, sizes)
  const { by, group, policy, strength } = compiled.enforce
  const gathering = await gatheringView(world)
  return {
    plan: { name: plan.name, change: compiled.change, planHash: fits.hash, by, group, policy, strength },
    at: time(now),
    people: people.length,
    verdicts: byVerdict(people).map(({ kind, people: some }) => ({
      verdict: kind,
      ...previewPart(some, sayVerdict(kind, some.length), names, people.length),
    })),
    phoneOnly: phoneCountdown(people, world.dates, now).map(({ until, days, people: some, date }) => ({
      until: time(until),
      days,
      people: some.length,
      inWaves: some.filter(({ wave }) => wave !== null).length,
      says: date?.says ?? 'Microsoft’s text messages and calls end',
      source: date?.source ?? 'the file of dates',
      sourceDay: date?.sourceDay ?? '',
      wayOut: PHONE_WAY_OUT,
    })),
    waves: compiled.waves.map((wave) => {
      const members = membersOf(wave.name)
      const persons = members.map(({ person }) => person)
      const managers = new Map(members.map(({ person, managerId }) => [person.id, managerId]))
      return {
        name: wave.name,
        takes: sayRule(wave.members),
        people: members.length,
        verdicts: verdictCounts(members),
        departments: spreadOf(persons, 'department'),
        offices: spreadOf(persons, 'officeLocation'),
        withManager: withTheirManager(persons, ({ id }) => managers.get(id)),
        paceMs: enforcingMs(wave, members.length),
        soakMs: wave.gates.soak.forMs,
      }
    }),
    untouched: outsideParts(byWave.get(null) ?? [], assignment, names, people.length),
    preparing: steps.map(({ view }) => view),
    sessions: sayRevocation(compiled),
    calls: {
      share: defaultShare,
      rows: rows.map(({ what, wave, calls, atLeast, ms }) => ({
        ...{ what, wave, calls, atLeast },
        ms: inSeconds(ms),
      })),
      limits: limitsUsed(rows, people.length).map((one) => ({
        limit: one.bucket,
        says: sayLimit(one),
        units: one.units,
        ms: inSeconds(one.ms),
      })),
    },
    facts: {
      sources: gathering.sources.map(({ source, readAt, why }) => ({
        source,
        from: saySource(source),
        readAt,
        why,
      })),
      gathering: gathering.gathering,
      says: gathering.says,
    },
    findings: withSecurityDefaults([], defaults, now).map(tenantFindingView),
    problems: fits.warnings,
  }
}

/** Everybody of the preview, by sign-in name. */
export async function previewEverybody(
  world: World,
  given: GivenPlan,
  signal: AbortSignal,
): Promise<(PreviewedView & { untouched: string | null })[]> {
  const { fits, people } = await readForPreview(world, given, signal)
  const reasons = new Map(fits.assignment.outside.map(({ id, reason }) => [id, reason]))
  return people.map((one) => {
    const reason = reasons.get(one.person.id)
    return { ...previewedView(one), untouched: reason === undefined ? null : sayOutside(reason, 1) }
  })
}

async function readForPreview(world: World, given: GivenPlan, signal: AbortSignal): Promise<Read> {
  const fits = await checkPlan(world, given, signal)
  const { compiled, population, assignment } = fits
  // What is too old is read anew behind this answer; the next one is better.
  await world.store.tx((writer) => askToGather(writer, world.clock.now()))
  const { asked } = await ofGraph(readStrength(world, compiled, { lane: 'scan', signal }))
  const settings = settingsOf(world, compiled, asked)
  const judge = await previewJudge(world, compiled, population, assignment, settings)
  return { fits, people: await previewPeople(world, population.people, judge) }
}

async function ofGraph<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw graphFault(error)
  }
}

function inSeconds(ms: number): number {
  return Math.ceil(ms / 1000) * 1000
}
