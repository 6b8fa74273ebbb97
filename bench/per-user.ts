import { simulatedClock } from '../src/clock/simulated-clock.ts'
import { trust } from '../src/demo/trust.ts'
import { startTenant } from '../src/emulator/tenant.ts'
import { localOperator } from '../src/main.ts'
import { countCalls } from './calls.ts'
import { tokenOf } from './one-by-one.ts'
import { type Bench, openBench, planOf } from './one-wave.ts'
import { printTable } from './table.ts'

// Per-user MFA by the engine, and back: node bench/per-user.ts [people in the tenant] [people for the loop]
// Each reading and each change of a person is a call of a limit of 5 in 10 s, which the sign-in log shares.

const size = Number(process.argv[2] ?? 14_650)
const loopPeople = Number(process.argv[3] ?? 1_000)
/** A sequential call over the Internet. */
const LATENCY_MS = 250

interface Stretch {
  name: string
  people: number
  virtualMs: number
  sent: number
  throttled: number
  share: number
  seconds: number
}

function measuring({ clock, wavegate }: Bench) {
  const look = () => {
    const bucket = wavegate.service.limits().buckets.find((one) => one.bucket === 'reports')
    if (!bucket) throw new Error('no bucket for the reports')
    return { ...bucket, at: clock.now(), real: performance.now() }
  }
  const from = look()
  return (name: string, people: number): Stretch => {
    const to = look()
    const virtualMs = to.at - from.at
    const sent = to.sent - from.sent
    const share = sent / ((virtualMs / from.windowMs) * from.allowed)
    const throttled = to.throttled - from.throttled
    return { name, people, virtualMs, sent, throttled, share, seconds: (to.real - from.real) / 1000 }
  }
}

/** Resolves when the rollout has had such an event. */
async function happened({ wavegate }: Bench, id: string, type: string, wave: string | null): Promise<void> {
  const { service } = wavegate
  let seen = 0
  let reading = Promise.resolve()
  await new Promise<void>((resolve) => {
    const read = async () => {
      const events = await service.events(id, seen, 1_000)
      seen = events.at(-1)?.seq ?? seen
      if (events.some((event) => event.type === type && event.wave === wave)) resolve()
    }
    service.onEvents(() => {
      reading = reading.then(read)
    })
  })
}

async function thereAndBack(): Promise<Stretch[]> {
  const bench = await openBench(size)
  const { service } = bench.wavegate
  const operator = localOperator()
  const { rollout } = await service.createRollout(
    operator,
    planOf('{ people: 10000, per: 1h }', 'per-user-mfa'),
  )
  const why = { rollout: rollout.id, reason: 'a measurement', dryRun: false }
  await bench.wavegate.start()
  const enforcing = happened(bench, rollout.id, 'wave.enforcing', 'everyone')
  await service.act(operator, { verb: 'start', ...why, ifMatch: rollout.etag })
  await enforcing
  const there = measuring(bench)
  await happened(bench, rollout.id, 'wave.soaking', 'everyone')
  const inPlace = (await service.showRollout(rollout.id)).waves.at(-1)?.counts.inPlace ?? 0
  const forward = there('wavegate, two stages, each read back', inPlace)
  const back = measuring(bench)
  const over = happened(bench, rollout.id, 'rollout.rolledBack', null)
  await service.act(operator, { verb: 'rollback', ...why })
  await over
  const view = await service.showRollout(rollout.id)
  const restored = view.waves.at(-1)?.counts.restored ?? 0
  const backward = back('wavegate, rollback, read back', restored)
  await bench.close()
  return [forward, backward]
}

/** Today's loop: one call a person straight to `enforced`, the next when it is answered; as long as a 429 says, it waits. */
async function loop(people: number): Promise<Stretch> {
  const clock = simulatedClock({ start: Date.parse('2026-11-30T07:00:00Z') })
  const tenant = await startTenant({ clock, people: Math.ceil(people * 1.5) })
  trust(tenant.ca)
  const headers = { authorization: `Bearer ${await tokenOf(tenant)}`, 'content-type': 'application/json' }
  const ids = tenant.world.people.filter(({ kind }) => kind === 'member').slice(0, people)
  const { calls, stop } = countCalls(tenant.tenant)
  const began = { virtual: clock.now(), real: performance.now() }
  const body = JSON.stringify({ perUserMfaState: 'enforced' })
  for (const { id } of ids) {
    for (;;) {
      await clock.sleep(LATENCY_MS)
      const url = `${tenant.tenant}/beta/users/${id}/authentication/requirements`
      const answer = await fetch(url, { method: 'PATCH', headers, body })
      await answer.arrayBuffer()
      if (answer.ok) break
      if (answer.status !== 429) throw new Error(`${answer.status} for ${id}`)
      await clock.sleep(Number(answer.headers.get('retry-after') ?? 10) * 1000)
    }
  }
  stop()
  const virtualMs = clock.now() - began.virtual
  clock.stop()
  await tenant.close()
  const { all: sent, throttled } = calls
  const name = `one by one, nothing read back, ${LATENCY_MS} ms a call`
  const share = sent / (virtualMs / 2_500)
  return { name, people, virtualMs, sent, throttled, share, seconds: (performance.now() - began.real) / 1000 }
}

const stretches = [...(await thereAndBack()), await loop(loopPeople)]
const percent = (part: number) => `${(100 * part).toFixed(2)} %`
console.log(`\nPer-user MFA in a tenant of ${size}, by the engine and by today's loop\n`)
printTable(
  [
    '',
    'people',
    'virtual hours',
    'hours for 10,000',
    'calls a person',
    'used of what is allowed',
    '429',
    'real seconds',
  ],
  stretches.map((one) => [
    one.name,
    one.people,
    (one.virtualMs / 3_600_000).toFixed(2),
    ((one.virtualMs / 3_600_000 / one.people) * 10_000).toFixed(1),
    (one.sent / one.people).toFixed(2),
    percent(one.share),
    percent(one.throttled / one.sent),
    one.seconds.toFixed(0),
  ]),
)
