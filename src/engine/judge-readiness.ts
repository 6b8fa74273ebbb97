import { type ReadinessOutcome, type ReportState, readinessGate } from '../gates/readiness-gate.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { Registration } from '../graph/directory/reports.ts'
import { type CohortReadiness, deferralFor, type StrengthAsked, staysBehind } from '../people/readiness.ts'
import type { Member } from '../store/members.ts'
import type { Writer } from '../store/store.ts'
import { failedSources, judgeCohort, neededUntil, sayUnread, settingsOf } from './cohort-verdicts.ts'
import { leaveDeferredOut } from './deferred.ts'
import { readEligible } from './eligible.ts'
import { gateWord, recordGates } from './gate-record.ts'
import { gather } from './gather.ts'
import { finish, refuse, type WaveJob } from './job.ts'
import { allMembers } from './many-members.ts'
import { readStrength } from './policy-wanted.ts'
import { isReportFailure } from './population.ts'
import { type Presence, readPresence, writePresence } from './presence.ts'
import { withPrepared } from './registered-since.ts'
import { readHolders } from './role-holders.ts'
import type { World } from './world.ts'
import { judgeWouldBlock } from './would-block.ts'

interface Report {
  state: ReportState
  rows: Registration[]
}

/**
 * Judges the frozen cohort: before the approval, and again when the window opens. What was approved can only get
 * smaller: whoever became unready meanwhile is deferred, whoever became ready stays for later.
 */
export async function judgeReadiness(world: World, job: WaveJob, signal: AbortSignal): Promise<void> {
  const isApproved = job.wave.state === 'awaitingWindow'
  await gather(world, signal)
  const report = await readReport(world, signal)
  const members = (await allMembers(world, job.wave.id)).filter(isUntouched)
  const ask = { lane: 'scan' as const, signal }
  const holders =
    report.state === 'notLicensed'
      ? await readHolders(world, ask)
      : new Set([...adminsOf(report), ...(await readEligible(world, ask))])
  const presence = await readPresence(world, members, ask, report.rows.length || undefined)
  const judged = members.filter((member) => isJudged(member, presence, isApproved))
  const strength = await askedStrength(world, job, ask)
  const asked = judged.map((member) => member.personId)
  const settings = settingsOf(world, job.plan, strength)
  const until = neededUntil(world, job.planned, asked.length)
  const rows = await withPrepared(world, job, asked, report.rows)
  const cohort = await judgeCohort(world, asked, rows, settings, until)
  const unread = sayUnread(await failedSources(world))
  const outcome = judge(world, job, cohort, { ...report, unread }, strength?.name)
  const unready = unreadyOf(job, judged, cohort, outcome)
  const isTheirs = job.planned.members.kind === 'administrators'
  // In their own wave, whoever is not known to hold a role any more: that policy is not for everybody.
  const roles = judged.map((member) => member.personId).filter((id) => holders.has(id) !== isTheirs)
  const ofRoles = isTheirs ? 'noDirectoryRole' : 'directoryRole'
  const deferred = new Set([...unready, ...roles])
  const going = judged.filter((member) => !deferred.has(member.personId))
  const ids = going.map((member) => member.personId)
  const results = [outcome.result, ...(await judgeWouldBlock(world, job, ids, signal))]
  const at = world.clock.now()
  const event = {
    type: 'READINESS_JUDGED' as const,
    at,
    attempt: job.attempt,
    gates: results.map(gateWord),
    toEnforce: outcome.result.verdict === 'unknown' ? 0 : going.length,
  }
  await finish(world, job, event, async (writer) => {
    const parked = await parkedMeanwhile(writer, job, judged)
    await writePresence(writer, job, at, members, presence)
    const back = members.filter((member) => presence.back.has(member.personId))
    await writeBack(writer, job, at, back, isApproved)
    await recordGates(writer, job, at, results)
    await writeEvidence(writer, job, judged, cohort)
    const others = (some: readonly string[]) => some.filter((id) => !parked.has(id))
    await writer.setMembers(job.rollout.id, others(roles), { deferred: ofRoles })
    if (outcome.result.verdict === 'unknown') return
    event.toEnforce = others(ids).length
    await writer.setMembers(job.rollout.id, others(ids), { deferred: null })
    for (const [deferred, same] of byDeferral(cohort, others(unready)))
      await writer.setMembers(job.rollout.id, same, { deferred })
    await writer.setMembers(job.rollout.id, others(roles), { deferred: ofRoles })
  })
}

/** People by what they wait for later as. */
function byDeferral(cohort: CohortReadiness, people: readonly string[]): Map<string, string[]> {
  const judged = new Map(cohort.map((one) => [one.id, one]))
  return Map.groupBy(people, (id) => deferralFor(judged.get(id)?.verdict, judged.get(id)?.question))
}

/** Deferred or taken back by name while this was read: what a person said stands. */
async function parkedMeanwhile(
  writer: Writer,
  { rollout }: WaveJob,
  judged: readonly Member[],
): Promise<ReadonlySet<string>> {
  const were = new Map(judged.map((member) => [member.personId, member.deferred]))
  const now = await writer.membersAmong(rollout.id, [...were.keys()])
  return new Set(now.filter((one) => one.deferred !== were.get(one.personId)).map((one) => one.personId))
}

/** Nothing was sent for them yet. */
function isUntouched({ outcome }: Member): boolean {
  return outcome === 'pending' || outcome === 'gone'
}

/** Deferred by this job, which may find them ready the next time. */
const JUDGED_AGAIN: readonly (string | null)[] = [
  null,
  'notReady',
  'away',
  'legacyClient',
  'notAPerson',
  'question',
  'directoryRole',
  'noDirectoryRole',
  'disabledAccount',
]

/** Leavers are in no count; after the approval nobody comes in who was not in it. */
function isJudged({ personId, deferred, outcome }: Member, presence: Presence, isApproved: boolean): boolean {
  if (presence.gone.has(personId) || presence.disabled.has(personId)) return false
  return isApproved ? deferred === null && outcome === 'pending' : JUDGED_AGAIN.includes(deferred)
}

/** Restored from the bin: in the wave again, or left for later where it was approved without them. */
async function writeBack(
  writer: Writer,
  job: WaveJob,
  at: number,
  members: readonly Member[],
  isApproved: boolean,
): Promise<void> {
  if (members.length === 0) return
  const people = members.map((member) => member.personId)
  const deferred = isApproved ? 'returned' : null
  await writer.setMembers(job.rollout.id, people, { outcome: 'pending', outcome_reason: null, deferred })
  // Taken back by name before they left: that stands until a person says release.
  const takenBack = members.filter((one) => one.parkedAt !== null && one.releasedAt === null)
  const parked = takenBack.map((member) => member.personId)
  await writer.setMembers(job.rollout.id, parked, { deferred: 'rolledBack' })
  const reason = 'in the directory again'
  const place = { at, rolloutId: job.rollout.id, waveId: job.wave.id, actor: 'wavegate' }
  await writer.append({ ...place, type: 'members.back', reason, data: { people, deferred } })
  await leaveDeferredOut(writer, { at, rolloutId: job.rollout.id, waveId: job.wave.id }, people)
}

function judge(
  world: World,
  job: WaveJob,
  cohort: CohortReadiness,
  report: Report & { unread: string | undefined },
  strength: string | undefined,
): ReadinessOutcome {
  const at = world.clock.now()
  const asked = { source: 'registration report', fetchedAt: at, nextEvaluation: at + world.times.recheckMs }
  const rule = job.planned.gates.readiness
  const { testUsers } = job.planned
  return readinessGate({
    rule,
    cohort,
    testUsers,
    report: report.state,
    unread: report.unread,
    strength,
    asked,
  })
}

/** @throws Refused when the plan names a strength that the tenant does not show. */
async function askedStrength(world: World, job: WaveJob, ask: Ask): Promise<StrengthAsked | undefined> {
  const { asked, findings } = await readStrength(world, job.plan, ask)
  refuse(findings)
  return asked
}

/** By what each meets the strength, or why not, for whoever asks about a person. */
async function writeEvidence(
  writer: Writer,
  job: WaveJob,
  judged: readonly Member[],
  cohort: CohortReadiness,
): Promise<void> {
  const known = new Map(judged.map((member) => [member.personId, member.readiness]))
  const changed = cohort.filter(({ id, evidence = null }) => evidence !== known.get(id))
  for (const [readiness, same] of Map.groupBy(changed, ({ evidence = null }) => evidence)) {
    const ids = same.map(({ id }) => id)
    await writer.setMembers(job.rollout.id, ids, { readiness })
  }
}

/** Whom the wave leaves for later. Advancing over "too many are deferred" defers them all the same. */
function unreadyOf(
  { planned }: WaveJob,
  judged: readonly Member[],
  cohort: CohortReadiness,
  outcome: ReadinessOutcome,
): string[] {
  if (planned.gates.readiness.unready !== 'defer')
    return planned.testUsers ? [] : cohort.filter(staysBehind).map(({ id }) => id)
  const ready = new Set(outcome.ready)
  return judged.map((member) => member.personId).filter((id) => !ready.has(id))
}

/** Members among them were given a role since the cohort was frozen: in no wave of this build. */
function adminsOf(report: Report): ReadonlySet<string> {
  return new Set(report.rows.filter((row) => row.isAdmin === true).map((row) => row.id))
}

async function readReport(world: World, signal: AbortSignal): Promise<Report> {
  try {
    const rows = await world.directory.listRegistrations({ lane: 'scan', signal })
    return { state: rows.length > 0 ? 'read' : 'empty', rows }
  } catch (error) {
    const state = isReportFailure(error)
    if (!state) throw error
    world.log.warn({ err: error }, 'the registration report could not be read')
    return { state, rows: [] }
  }
}
