import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { simulatedClock } from '../src/clock/simulated-clock.ts'
import { startTenant } from '../src/emulator/tenant.ts'
import { localOperator, type Server } from '../src/main.ts'
import type { PreviewView, RolloutView } from '../src/service.ts'
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

/** What the same plan means for everybody, with what is known of them. */
async function preview(url: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ plan: planOf('{ people: 100000, per: 1h }') })
  const began = performance.now()
  const cpu = process.cpuUsage()
  const answer = await fetch(`${url}/api/v1/plans/preview`, { method: 'POST', headers, body })
  const text = await answer.text()
  const ms = performance.now() - began
  if (answer.status !== 200) throw new Error(`${answer.status} ${text}`)
  const { user, system } = process.cpuUsage(cpu)
  console.log(`POST /plans/preview took ${((user + system) / 1e6).toFixed(1)} s of a processor`)
  const { people: count, verdicts, facts } = JSON.parse(text) as PreviewView
  if (count !== people || facts.gathering) throw new Error(`a preview of ${count} people: ${facts.says}`)
  console.log(verdicts.map(({ share, says }) => `${share} ${says}`).join(' · '))
  return ms
}

async function gathered({ wavegate }: Server): Promise<void> {
  while ((await wavegate.service.gathering()).gathering) await new Promise((on) => setTimeout(on, 200))
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
  // What the draft asked to be read of everybody is read beside it.
  await gathered(server)
  const own = await create(server.url, token)
  answers.stop()
  await gathered(server)
  const known = remembering(tenant.tenant)
  const wholePreview = await preview(server.url, token)
  known.replay()
  await gathered(server)
  const ownPreview = await preview(server.url, token)
  known.stop()
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  console.log(`\nPOST /rollouts and POST /plans/preview with the plan against a tenant of ${people}\n`)
  printTable(
    ['call', 'seconds, tenant and all', 'seconds, answers of the tenant at hand'],
    [
      ['POST /rollouts', seconds(whole.ms), seconds(own.ms)],
      ['POST /plans/preview', seconds(wholePreview), seconds(ownPreview)],
    ],
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
