import { randomUUID } from 'node:crypto'
import { simulatedClock } from '../src/clock/simulated-clock.ts'
import { trust } from '../src/demo/trust.ts'
import { settled } from '../src/emulator/lagged.ts'
import { startTenant } from '../src/emulator/tenant.ts'
import { createGraph } from '../src/graph/client.ts'
import { createDirectory } from '../src/graph/directory/directory.ts'
import { GraphFailure } from '../src/graph/errors.ts'
import { createLimiter, type Limiter } from '../src/graph/limiter.ts'
import { countCalls } from './calls.ts'
import { tokenOf } from './one-by-one.ts'
import { printTable } from './table.ts'

// Taking everybody out of a group: node bench/restore.ts [members] [members for the loop]
// The directory's calls, the limiter and the simulated tenant over HTTPS; without the engine's ledger. The members are
// ids in the group and no more: nobody of them lives in the tenant, which 200,000 would make slow for another reason.

const members = Number(process.argv[2] ?? 200_000)
const loopMembers = Number(process.argv[3] ?? 10_000)
/** A sequential call over the Internet. */
const LATENCY_MS = 250
/** As the engine does: people a job, and jobs at a time. */
const CHUNK = 200
const JOBS = 4

async function openGroup(size: number) {
  const clock = simulatedClock({ start: Date.parse('2026-11-30T07:00:00Z') })
  const tenant = await startTenant({ clock, people: 600 })
  trust(tenant.ca)
  const group = tenant.world.group('MFA required')
  const ids = Array.from({ length: size }, () => randomUUID())
  for (const id of ids) group.members.set(id, settled(true))
  const close = async () => {
    clock.stop()
    await tenant.close()
  }
  return { clock, tenant, group: group.id, ids, close }
}

interface Grant {
  at: number
  calls: number
}

/** Notes every grant of a limiter. */
function noting(limiter: Limiter, grants: Grant[]): Limiter {
  return {
    ...limiter,
    async takeSome(lane, wanted, signal) {
      const permit = await limiter.takeSome(lane, wanted, signal)
      grants.push({ at: permit.at, calls: permit.calls })
      return permit
    },
  }
}

async function restoreAll(size: number) {
  const { clock, tenant, group, ids, close } = await openGroup(size)
  const grants: Grant[] = []
  const inner = createLimiter({ clock })
  const graph = createGraph({
    clock,
    limiter: noting(inner, grants),
    baseUrl: tenant.tenant,
    customHosts: new Set([new URL(tenant.tenant).hostname]),
    credential: { ...tenant, authorityHost: tenant.authority },
  })
  const directory = createDirectory(graph)
  const { calls, stop } = countCalls(tenant.tenant)
  const began = { virtual: clock.now(), real: performance.now() }
  let next = 0
  let failed = 0
  const job = async () => {
    while (next < ids.length) {
      const chunk = ids.slice(next, next + CHUNK)
      next += CHUNK
      const answers = await directory.removeMembers(group, chunk, { lane: 'restore' })
      failed += [...answers.values()].filter((one) => one instanceof GraphFailure).length
    }
  }
  await Promise.all(Array.from({ length: JOBS }, job))
  const virtualMs = clock.now() - began.virtual
  const left = (await directory.listMembers(group, { lane: 'verify' })).length
  stop()
  const { ceiling, documented, sent, throttled } = inner.state().identityWrites
  await close()
  if (failed > 0 || left > 0) throw new Error(`${failed} failed, ${left} are still in the group`)
  // While there was work: all windows but the last, which it did not fill.
  const windows = Math.floor(virtualMs / documented.window)
  const end = began.virtual + windows * documented.window
  const used = grants.filter(({ at }) => at < end).reduce((sum, one) => sum + one.calls, 0)
  return {
    virtualMs,
    requests: calls.all,
    sent,
    throttled,
    share: used / (windows * ceiling),
    seconds: (performance.now() - began.real) / 1000,
  }
}

/** Today's loop: a call a person, the next when it is answered; as long as a 429 says, it waits. */
async function loop(size: number) {
  const { clock, tenant, group, ids, close } = await openGroup(size)
  const headers = { authorization: `Bearer ${await tokenOf(tenant)}` }
  const began = clock.now()
  let throttled = 0
  for (const id of ids) {
    for (;;) {
      await clock.sleep(LATENCY_MS)
      const url = `${tenant.tenant}/v1.0/groups/${group}/members/${id}/$ref`
      const answer = await fetch(url, { method: 'DELETE', headers })
      await answer.arrayBuffer()
      if (answer.ok) break
      if (answer.status !== 429) throw new Error(`${answer.status} for ${id}`)
      throttled++
      await clock.sleep(Number(answer.headers.get('retry-after') ?? 10) * 1000)
    }
  }
  const virtualMs = clock.now() - began
  await close()
  return { virtualMs, throttled }
}

const ours = await restoreAll(members)
const theirs = await loop(loopMembers)
const theirMs = (theirs.virtualMs / loopMembers) * members
const hours = (ms: number) => (ms / 3_600_000).toFixed(2)
const percent = (part: number) => `${(100 * part).toFixed(2)} %`

console.log(`\n${members} members taken out of the group, read back empty\n`)
printTable(
  ['', 'requests', 'virtual hours', 'used of what is allowed', '429', 'real seconds'],
  [
    [
      'wavegate, restore lane',
      ours.requests,
      hours(ours.virtualMs),
      percent(ours.share),
      percent(ours.throttled / ours.sent),
      ours.seconds.toFixed(0),
    ],
    [
      `one by one, ${LATENCY_MS} ms a call (${loopMembers} measured)`,
      members,
      hours(theirMs),
      '',
      percent(theirs.throttled / loopMembers),
      '',
    ],
    [
      'ratio',
      `1 : ${(members / ours.requests).toFixed(1)}`,
      `1 : ${(theirMs / ours.virtualMs).toFixed(1)}`,
      '',
      '',
      '',
    ],
  ],
)
