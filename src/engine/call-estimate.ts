import {
  type Bucket,
  buckets,
  costsOfQuery,
  defaultShare,
  limitsFor,
  type TenantSize,
} from '../graph/limits.ts'
import type { CompiledPlan, CompiledWave } from '../plan/compiled-plan.ts'
import { BULK_SOURCES } from './gather.ts'
import { callsFor } from './gathering-estimate.ts'
import { noticeKinds } from './notice-kinds.ts'
import type { World } from './world.ts'

/** Calls of one kind that a plan makes of Microsoft, and what they take of its limits. */
export interface CallRow {
  /** What for, in words. */
  what: string
  /** The name of the wave; null: of the whole plan. */
  wave: string | null
  calls: number
  /** True: at least so many; how many more only the tenant knows. */
  atLeast: boolean
  /** What all of them take together; the limit that is used up last is the one they wait for. */
  units: Partial<Record<Bucket, number>>
  /** How long they take at our share of the slowest limit, with nothing else going on. */
  ms: number
}

/** What is known of a wave before it begins. */
export interface WaveSize {
  wave: CompiledWave
  people: number
  /** Whose number is to be registered. */
  numbers: number
}

const PEOPLE_A_PATCH = 20
const IDS_A_FILTER = 15
const MEMBERS_A_PAGE = 999
const PEOPLE_A_CHUNK = 200

interface Call {
  method: string
  path: string
  query?: Record<string, string>
}

const SELECT = { $select: 'id' }
const ADD: Call = { method: 'PATCH', path: '/groups/{id}' }
const STATES: Call = { method: 'GET', path: '/users', query: SELECT }
const MEMBERS: Call = { method: 'GET', path: '/groups/{id}/members', query: SELECT }
const OF_A_PERSON: Call = { method: 'GET', path: '/users/{id}/authentication/requirements' }
const MAIL: Call = { method: 'POST', path: '/users/{id}/sendMail' }
const LOG: Call = { method: 'GET', path: '/auditLogs/signIns' }
const BULK: Record<(typeof BULK_SOURCES)[number], Call> = {
  account: STATES,
  roles: { method: 'GET', path: '/directoryRoles' },
  registration: { method: 'GET', path: '/reports/authenticationMethods/userRegistrationDetails' },
  legacy: LOG,
  activity: { method: 'GET', path: '/users', query: { $select: 'id,signInActivity' } },
  rhythm: LOG,
}

/** S below 50 users, M to 500, L above, as Microsoft counts them. */
export function sizeOf(people: number): TenantSize {
  if (people < 50) return 'S'
  return people <= 500 ? 'M' : 'L'
}

/** Every kind of call a plan makes of people, in the order in which it makes them. Restoring is not among them. */
export function callsOfPlan(
  world: Pick<World, 'times' | 'declared'>,
  plan: CompiledPlan,
  people: number,
  waves: readonly WaveSize[],
): CallRow[] {
  const size = sizeOf(people)
  const row = rowsOf(size)
  const bulk = BULK_SOURCES.map((source) =>
    row(BULK_WORDS[source], null, BULK[source], callsFor(source, people), isOfTheLog(source)),
  )
  const [next] = waves
  const each = next
    ? [row('per-user MFA of each, for the next wave alone', next.wave.name, OF_A_PERSON, next.people)]
    : []
  let before = 0
  const perWave = waves.flatMap(({ wave, people: count, numbers }) => {
    const rows: CallRow[] = []
    if (numbers > 0) {
      const a = plan.prepare?.phones?.onDifferent === 'keep' ? 4 : 3
      rows.push(row('numbers: read, registered, read back', wave.name, OF_A_PERSON, numbers * a, true))
    }
    const notices = plan.prepare?.notices
    if (notices) rows.push(row('mails', wave.name, MAIL, count * noticeKinds(notices).length))
    rows.push(...switchRows(row, plan, wave, count, before))
    before += count
    const watched = enforcingMs(wave, count) + wave.gates.soak.forMs + world.declared.settlingMs
    const looks = count === 0 ? 0 : Math.ceil(watched / world.times.intakeMs)
    rows.push(row('the sign-in log, while the wave is watched', wave.name, LOG, looks, true))
    return rows
  })
  return [...bulk, ...each, ...perWave].filter(({ calls }) => calls > 0)
}

const BULK_WORDS: Record<(typeof BULK_SOURCES)[number], string> = {
  account: 'everybody’s account, 999 a page',
  roles: 'who holds a directory role',
  registration: 'everybody’s registered methods, 500 a page',
  legacy: 'sign-ins by legacy clients in 30 days',
  activity: 'everybody’s last sign-in, 500 a page',
  rhythm: 'the rhythm of accounts that may not be people',
}

/** How long the pace alone takes, milliseconds. */
export function enforcingMs({ pace }: Pick<CompiledWave, 'pace'>, people: number): number {
  return Math.max(0, Math.ceil(people / pace.people) - 1) * pace.perMs
}

/** Of the log nobody knows the rows beforehand. */
function isOfTheLog(source: (typeof BULK_SOURCES)[number]): boolean {
  return source === 'legacy' || source === 'rhythm'
}

type MakeRow = (what: string, wave: string | null, call: Call, calls: number, atLeast?: boolean) => CallRow

function switchRows(
  row: MakeRow,
  { enforce }: CompiledPlan,
  { name }: CompiledWave,
  people: number,
  before: number,
): CallRow[] {
  if (enforce.by === 'per-user-mfa') {
    const what = 'per-user MFA: read, enabled, read back, enforced'
    return [row(what, name, OF_A_PERSON, people * 4, true)]
  }
  const added = row('into the group, 20 a call', name, ADD, Math.ceil(people / PEOPLE_A_PATCH))
  const looked = row('are they there still, 15 a call', name, STATES, Math.ceil(people / IDS_A_FILTER))
  let pages = 0
  for (let there = PEOPLE_A_CHUNK; there < people + PEOPLE_A_CHUNK; there += PEOPLE_A_CHUNK)
    pages += 2 * Math.ceil((before + Math.min(there, people)) / MEMBERS_A_PAGE)
  const back = row('the group, before and after every 200 people', name, MEMBERS, pages, true)
  if (!enforce.retirePerUserMfa) return [added, looked, back]
  const what = 'per-user MFA: read, switched off once proven, read back'
  return [added, looked, back, row(what, name, OF_A_PERSON, people * 3)]
}

function rowsOf(size: TenantSize): MakeRow {
  return (what, wave, { method, path, query }, calls, atLeast = false) => {
    const units = Object.fromEntries(
      costsOfQuery(method, path, query).map((cost) => [cost.bucket, cost.units * calls]),
    )
    return { what, wave, calls, atLeast, units, ms: msOf(units, size) }
  }
}

/** At our share of each limit; limits are used side by side, so the slowest says how long. */
export function msOf(units: Partial<Record<Bucket, number>>, size: TenantSize): number {
  const limits = limitsFor(size)
  return Math.max(
    0,
    ...buckets.map((bucket) => {
      const { ceiling, window } = limits[bucket]
      return ((units[bucket] ?? 0) * window) / (ceiling * defaultShare)
    }),
  )
}

export interface LimitUse {
  bucket: Bucket
  ceiling: number
  windowMs: number
  units: number
  ms: number
}

/** What everything together takes of each limit that it touches. */
export function limitsUsed(rows: readonly CallRow[], people: number): LimitUse[] {
  const size = sizeOf(people)
  const limits = limitsFor(size)
  return buckets.flatMap((bucket) => {
    const units = rows.reduce((sum, row) => sum + (row.units[bucket] ?? 0), 0)
    const { ceiling, window: windowMs } = limits[bucket]
    return units === 0 ? [] : [{ bucket, ceiling, windowMs, units, ms: msOf({ [bucket]: units }, size) }]
  })
}
