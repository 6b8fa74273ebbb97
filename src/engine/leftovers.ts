import type { Ask } from '../graph/directory/ask.ts'
import type { Registration } from '../graph/directory/reports.ts'
import { finding } from '../methods/policy-switch.ts'
import { exclusionsOf } from '../people/claims.ts'
import { assignWaves } from '../people/cohort.ts'
import { type Leftovers, sortLeftovers } from '../people/leftovers.ts'
import type { Person } from '../people/person.ts'
import type { CohortReadiness } from '../people/readiness.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { Member } from '../store/members.ts'
import type { StoredRollout, StoredWave } from '../store/rollouts.ts'
import { frozenCohorts } from './cohort-rows.ts'
import { judgeCohort, neededUntil, settingsOf } from './cohort-verdicts.ts'
import { gather } from './gather.ts'
import { refuse } from './job.ts'
import { type Outsider, outsidersOf } from './left-out.ts'
import { planOf } from './plan-of.ts'
import { readStrength } from './policy-wanted.ts'
import { readPopulation } from './population.ts'
import { readPresence, writePresence } from './presence.ts'
import { withPrepared } from './registered-since.ts'
import type { World } from './world.ts'

export interface FoundLeftovers extends Leftovers {
  /** Everybody who is not under MFA now, whether or not the catch-up may take them. */
  all: number
  people: ReadonlyMap<string, Person>
  outside: Outsider[]
}

/** Who is left over of a rollout whose waves are done, and whom of them a round may take now. */
export async function findLeftovers(world: World, rollout: StoredRollout, ask: Ask): Promise<FoundLeftovers> {
  const { read } = world.store
  const plan = planOf(rollout)
  if (ask.signal) await gather(world, ask.signal)
  const { people, groups, refreshedAt, report } = await readPopulation(world, plan, ask)
  const assignment = assignWaves(plan, people, groups, await frozenCohorts(read, rollout.id))
  refuse(
    assignment.findings
      .filter((one) => one.severity === 'error' && !one.path.startsWith('waves['))
      .map((one) => finding('planNoLongerFits', one.message, one.hint)),
  )
  const byId = new Map(people.map((person) => [person.id, person]))
  const waves = await read.wavesOf(rollout.id)
  const absent = (await read.leftovers(rollout.id)).filter((member) => !byId.has(member.personId))
  await noteLeavers(world, rollout, waves, absent, ask)
  const states = new Map(waves.map((wave) => [wave.id, wave.state]))
  const deferrals = new Map((await read.deferrals(rollout.id)).map((one) => [one.personId, one.until]))
  const members = await read.leftovers(rollout.id)
  const now = world.clock.now()
  const late = plan.newJoiners === 'none' ? [] : assignment.late
  const ids = [...members.map((member) => member.personId), ...late]
  const judged = await judgedAmong(world, { rollout, plan }, ids, report, ask)
  const ready = new Set(judged.filter((one) => one.readiness === 'ready').map((one) => one.id))
  const notPeople = new Set(judged.filter(isNoPerson).map((one) => one.id))
  const sorted = sortLeftovers({
    members: members.map((member) => leftover(member, states, deferrals)),
    late,
    deferredByName: new Set([...deferrals].flatMap(([id, until]) => (until > now ? [id] : []))),
    people: byId,
    ready,
    notPeople,
    excluded: exclusionsOf(plan, people, groups),
    refreshedAt,
    now,
  })
  const all = members.length + late.length
  return { ...sorted, all, people: byId, outside: outsidersOf(plan, assignment, byId) }
}

/** Whom a round would find ready, so that no round begins with people it can only leave for later. */
async function judgedAmong(
  world: World,
  of: { rollout: StoredRollout; plan: CompiledPlan },
  ids: readonly string[],
  report: readonly Registration[],
  ask: Ask,
): Promise<CohortReadiness> {
  const { plan } = of
  // A round is judged like any wave, by the strength that the plan asks for.
  const { asked, findings } = await readStrength(world, plan, ask)
  refuse(findings)
  const until = plan.catchUp === null ? world.clock.now() : neededUntil(world, plan.catchUp, ids.length)
  const rows = await withPrepared(world, of, ids, report)
  return await judgeCohort(world, ids, rows, settingsOf(world, plan, asked), until)
}

/** Not only by what was found. */
function isNoPerson({ verdict, question }: CohortReadiness[number]): boolean {
  return verdict === 'notAPerson' && question === undefined
}

/** Whoever is in the directory no more is in no count. */
async function noteLeavers(
  world: World,
  rollout: StoredRollout,
  waves: readonly StoredWave[],
  absent: readonly Member[],
  ask: Ask,
): Promise<void> {
  if (absent.length === 0) return
  const presence = await readPresence(world, absent, ask)
  await world.store.tx(async (writer) => {
    for (const wave of waves) {
      const own = absent.filter((member) => member.waveId === wave.id)
      await writePresence(writer, { rollout, wave }, world.clock.now(), own, presence)
    }
  })
}

function leftover(
  member: Member,
  states: ReadonlyMap<string, string>,
  deferrals: ReadonlyMap<string, number>,
) {
  const { personId, waveId, deferred, restore, parkedAt, restoredAt } = member
  return {
    id: personId,
    waveState: states.get(waveId) ?? '',
    deferred,
    deferredUntil: deferrals.get(personId) ?? null,
    restore,
    takenBackAt: parkedAt ?? restoredAt,
  }
}
