import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { simulatedClock } from '../src/clock/simulated-clock.ts'
import { startTenant } from '../src/emulator/tenant.ts'
import { localOperator, type Server } from '../src/main.ts'
import type { RolloutView } from '../src/service.ts'
import { planOf } from './one-wave.ts'
import { remembering } from './remembering.ts'
import { printTable } from './table.ts'
import { serveFor } from './wide-server.ts'

// What comes before the big wave is enforced, for hundred-thousand.ts: node bench/hundred-thousand-before.ts folder people
const [folder = '', size] = process.argv.slice(2)
const people = Number(size)

async function create(url: string, token: string): Promise<{ id: string; ms: number }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/yaml' }
  const body = planOf('{ people: 100000, per: 1h }')
  const began = performance.now()
  const answer = await fetch(`${url}/api/v1/rollouts`, { method: 'POST', headers, body })
  const text = await answer.text()
  const ms = performance.now() - began
  if (answer.status !== 201) throw new Error(`${answer.status} ${text}`)
  const made = JSON.parse(text) as RolloutView & { rollout?: RolloutView }
  return { id: made.rollout?.id ?? made.id, ms }
}

async function started({ wavegate }: Server, id: string): Promise<void> {
  const { service } = wavegate
  const over = new Promise<void>((resolve) => {
    const look = async () => {
      const { waves } = await service.showRollout(id)
      if (waves.at(-1)?.state === 'enforcing') resolve()
    }
    service.onEvents(() => void look())
  })
  const { etag } = await service.showRollout(id)
  const why = { reason: 'a measurement', dryRun: false, ifMatch: etag }
  await service.act(localOperator(), { verb: 'start', rollout: id, ...why })
  await over
}

async function untilEnforced() {
  const clock = simulatedClock({ start: Date.parse('2026-11-30T07:00:00Z') })
  const tenant = await startTenant({ clock, people, stateFile: join(folder, 'tenant.state') })
  const server = await serveFor(folder, tenant, clock)
  const { token } = await server.wavegate.service.createToken(
    localOperator(),
    'bench@contoso.com',
    'changeManager',
  )
  const answers = remembering(tenant.tenant)
  const whole = await create(server.url, token)
  answers.replay()
  const own = await create(server.url, token)
  answers.stop()
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  console.log(`\nPOST /rollouts with the plan against a tenant of ${people}\n`)
  printTable(
    ['seconds, tenant and all', 'seconds, answers of the tenant at hand'],
    [[seconds(whole.ms), seconds(own.ms)]],
  )
  await started(server, own.id)
  const now = clock.now()
  clock.stop()
  await server.close()
  await tenant.close()
  return { id: own.id, token, now }
}

writeFileSync(join(folder, 'before.json'), JSON.stringify(await untilEnforced()))
process.exit(0)
