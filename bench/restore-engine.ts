import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SimulatedClock, simulatedClock } from '../src/clock/simulated-clock.ts'
import { trust } from '../src/demo/trust.ts'
import { settled } from '../src/emulator/lagged.ts'
import { startTenant, type Tenant } from '../src/emulator/tenant.ts'
import { PREPARATIONS } from '../src/engine/preparations.ts'
import { takePeopleOut } from '../src/engine/take-people-out.ts'
import { ENGINE_TIMES, type World } from '../src/engine/world.ts'
import { DECLARED_TIMES } from '../src/gates/declared-times.ts'
import { createGraph } from '../src/graph/client.ts'
import { createDirectory, type Directory } from '../src/graph/directory/directory.ts'
import { createLimiter } from '../src/graph/limiter.ts'
import { createLog } from '../src/main.ts'
import { groupMembership } from '../src/methods/group-membership.ts'
import { MICROSOFT_DATES } from '../src/people/microsoft-dates.ts'
import { migrate } from '../src/store/migrate.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import { createStore, type Store } from '../src/store/store.ts'
import { printTable } from './table.ts'

// The engine's own restore, with its ledger, on the simulated clock: node bench/restore-engine.ts [members]
// The members are ids in the group and rows of a ledger that says we put them there; nobody of them lives in the tenant.

const members = Number(process.argv[2] ?? 20_000)
/** What a request and its answer take on the way; the simulated tenant answers in no time of its own. */
const BATCH_MS = 1_000
const PAGE_MS = 250

const ROLLOUT = 'ro_bench'
const WAVE = 'ro_bench.1'

/** A wave whose people we put into the group, by the ledger. */
async function fill(store: Store, groupId: string, ids: readonly string[], at: number): Promise<void> {
  const place = { effect: 'groupMember', target: groupId, rolloutId: ROLLOUT, waveId: WAVE, at }
  await store.tx(async (writer) => {
    for (let start = 0; start < ids.length; start += 500) {
      const some = ids.slice(start, start + 500)
      await writer.insertMembers(
        some.map((personId, index) => {
          const upn = `${personId}@contoso.com`
          return {
            rolloutId: ROLLOUT,
            waveId: WAVE,
            personId,
            upn,
            displayName: upn,
            position: start + index,
          }
        }),
      )
      await writer.recordImages(
        place,
        some.map((personId) => ({ personId, image: { member: false } })),
      )
      const numbered = some.map((personId) => ({ personId, number: 1 }))
      await writer.answer(await writer.intend(place, 'apply', numbered), at, 'accepted', {})
      await writer.setMembers(ROLLOUT, some, { outcome: 'done', requested_at: at, in_place_at: at })
    }
  })
}

function far(directory: Directory, clock: SimulatedClock): Directory {
  return {
    ...directory,
    async removeMembers(group, ids, ask) {
      await clock.sleep(BATCH_MS)
      return await directory.removeMembers(group, ids, ask)
    },
    async listMembers(group, ask) {
      const found = await directory.listMembers(group, ask)
      await clock.sleep(PAGE_MS * Math.ceil((found.length + 1) / 999))
      return found
    },
  }
}

function worldOf(tenant: Tenant, clock: SimulatedClock, store: Store) {
  const limiter = createLimiter({ clock })
  const graph = createGraph({
    clock,
    limiter,
    baseUrl: tenant.tenant,
    customHosts: new Set([new URL(tenant.tenant).hostname]),
    credential: { ...tenant, authorityHost: tenant.authority },
  })
  const world: World = {
    clock,
    store,
    directory: far(createDirectory(graph), clock),
    graphClock: () => null,
    identity: () => graph.identity(),
    declared: DECLARED_TIMES,
    times: ENGINE_TIMES,
    mostPolicies: 195,
    secretBox: null,
    preparations: PREPARATIONS,
    dates: MICROSOFT_DATES,
    installation: 'bench',
    log: createLog('error'),
  }
  return { world, limiter }
}

async function restoreByEngine(size: number) {
  const clock = simulatedClock({ start: Date.parse('2026-11-30T07:00:00Z') })
  const tenant = await startTenant({ clock, people: 600 })
  trust(tenant.ca)
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-bench-'))
  const db = openSqlite(join(folder, 'bench.db'))
  await migrate(db, clock.now())
  const store = createStore(db)
  const group = tenant.world.group('MFA required')
  const ids = Array.from({ length: size }, () => randomUUID())
  for (const id of ids) group.members.set(id, settled(true))
  await fill(store, group.id, ids, clock.now())
  const { world, limiter } = worldOf(tenant, clock, store)
  const began = { virtual: clock.now(), real: performance.now() }
  const sentBy: { at: number; sent: number }[] = []
  const counted: Directory = {
    ...world.directory,
    async removeMembers(...args) {
      const answers = await world.directory.removeMembers(...args)
      sentBy.push({ at: clock.now(), sent: limiter.state().identityWrites.sent })
      return answers
    },
  }
  const changes = [groupMembership(counted, group.id)]
  const people = await store.read.membersOf(WAVE)
  const signal = new AbortController().signal
  await takePeopleOut({ world, rolloutId: ROLLOUT, changes, by: 'bench', signal }, people)
  const { documented, sent, throttled, ceiling } = limiter.state().identityWrites
  const { restored } = await store.read.counts(WAVE)
  const left = await world.directory.listMembers(group.id, { lane: 'verify' })
  const virtualMs = clock.now() - began.virtual
  const seconds = (performance.now() - began.real) / 1000
  clock.stop()
  await store.close()
  await tenant.close()
  rmSync(folder, { recursive: true, force: true })
  if (left.length > 0 || restored < size) throw new Error(`${left.length} left, ${restored} restored`)
  // While there was work: all windows but the last, which it did not fill.
  const workMs = (sentBy.at(-1)?.at ?? 0) - began.virtual
  const windows = Math.floor(workMs / documented.window)
  const end = began.virtual + windows * documented.window
  const used = sentBy.findLast(({ at }) => at < end)?.sent ?? 0
  const share = used / (windows * ceiling)
  return { sent, throttled, virtualMs, workMs, share, seconds, restored }
}

const ours = await restoreByEngine(members)
const hours = (ms: number) => (ms / 3_600_000).toFixed(2)
const percent = (part: number) => `${(100 * part).toFixed(2)} %`
console.log(`\n${ours.restored} people put back by the engine, with its ledger, each read back\n`)
printTable(
  ['writes', 'virtual hours', 'of them writing', 'used of what is allowed', '429', 'real seconds'],
  [
    [
      ours.sent,
      hours(ours.virtualMs),
      hours(ours.workMs),
      percent(ours.share),
      percent(ours.throttled / ours.sent),
      ours.seconds.toFixed(0),
    ],
  ],
)
