import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simulatedClock } from '../src/clock/simulated-clock.ts'
import { trust } from '../src/demo/trust.ts'
import { startTenant, type Tenant } from '../src/emulator/tenant.ts'
import { callsFor, msACall } from '../src/engine/gathering-estimate.ts'
import { createLog, localOperator, openWavegate } from '../src/main.ts'
import { countCalls } from './calls.ts'
import { tokenOf } from './one-by-one.ts'
import { printTable } from './table.ts'

// What is known of everybody, from bulk facts and by a loop over people: node bench/gather.ts [people] [people of the loop]
const people = Number(process.argv[2] ?? 10_000)
const looped = Number(process.argv[3] ?? 400)
const START = Date.parse('2026-11-30T07:00:00Z')
const HOUR = 3_600_000

const clock = simulatedClock({ start: START })
const tenant = await startTenant({ clock, people })
trust(tenant.ca)
const bulk = await fromBulk(tenant)
const loop = await personByPerson(tenant)
await tenant.close()
clock.stop()
printTable(
  ['', 'people', 'calls', '429', 'virtual hours', `calls for ${people}`, `hours for ${people}`],
  [row('wavegate, bulk facts', bulk), row('a loop over people', loop)],
)
const callsOf = (one: typeof bulk) => (one.calls * people) / one.people
console.log(
  `\nRatio of calls 1 : ${Math.round(callsOf(loop) / callsOf(bulk))}, of time 1 : ${Math.round((loop.ms / loop.people) * (bulk.people / bulk.ms))}.`,
)
const wave = 200
const hours = (callsFor('perUserMfa', wave) * msACall('perUserMfa')) / HOUR
console.log(
  `Per-user MFA of a wave of ${wave} besides: ${callsFor('perUserMfa', wave)} calls, ${hours.toFixed(2)} hours.`,
)

function row(name: string, one: typeof bulk): (string | number)[] {
  const scale = people / one.people
  const hoursAll = (one.ms * scale) / HOUR
  return [
    name,
    one.people,
    one.calls,
    one.throttled,
    (one.ms / HOUR).toFixed(3),
    Math.round(one.calls * scale),
    hoursAll.toFixed(2),
  ]
}

async function fromBulk({ tenant: graphUrl, authority, tenantId, clientId, clientSecret }: Tenant) {
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-bench-'))
  const config = {
    db: join(folder, 'b.db'),
    port: 0,
    graphUrl,
    authority,
    tenantId,
    clientId,
    logLevel: 'silent' as const,
    delays: 1,
  }
  const wavegate = await openWavegate({ config, secrets: { clientSecret }, clock, log: createLog('silent') })
  const { calls, stop } = countCalls(graphUrl)
  const began = clock.now()
  let ended = (_at: number) => {}
  const done = new Promise<number>((resolve) => (ended = resolve))
  wavegate.store.onCommit((events) => {
    if (events.some(({ type }) => type === 'people.gathered')) ended(clock.now())
  })
  await wavegate.start()
  await wavegate.service.gatherPeople(localOperator(), { reason: 'bench', dryRun: false, again: false })
  const at = await done
  stop()
  const view = await wavegate.service.gathering()
  if (view.people !== people || view.sources.some((one) => one.state !== 'read')) throw new Error(view.says)
  await wavegate.close()
  rmSync(folder, { recursive: true })
  return { people, calls: calls.all, throttled: calls.throttled, ms: at - began }
}

/** What scripts do: the account, the registration, the roles and the old programs of each person by calls of their own. */
async function personByPerson(of: Tenant) {
  const headers = { authorization: `Bearer ${await tokenOf(of)}` }
  const { calls, stop } = countCalls(of.tenant)
  const began = clock.now()
  const ids = of.world.people.slice(0, looped).map(({ id }) => id)
  const since = new Date(began - 30 * 24 * HOUR).toISOString()
  for (const id of ids) {
    const select = 'id,userPrincipalName,accountEnabled,assignedPlans,mobilePhone,signInActivity'
    const filter = encodeURIComponent(`userId eq '${id}' and createdDateTime ge ${since}`)
    for (const path of [
      `/users/${id}?$select=${select}`,
      `/reports/authenticationMethods/userRegistrationDetails/${id}`,
      `/users/${id}/memberOf`,
      `/auditLogs/signIns?$filter=${filter}`,
    ]) {
      for (;;) {
        const answer = await fetch(`${of.tenant}/v1.0${path}`, { headers })
        await answer.arrayBuffer()
        if (answer.status !== 429) break
        await clock.sleep(Number(answer.headers.get('retry-after') ?? 10) * 1000)
      }
    }
  }
  stop()
  return { people: looped, calls: calls.all, throttled: calls.throttled, ms: clock.now() - began }
}
