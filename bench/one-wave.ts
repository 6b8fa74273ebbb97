import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SimulatedClock, simulatedClock } from '../src/clock/simulated-clock.ts'
import { trust } from '../src/demo/trust.ts'
import { startTenant, type Tenant } from '../src/emulator/tenant.ts'
import { createLog, localOperator, openWavegate, type Wavegate } from '../src/main.ts'
import type { EventView, RolloutView } from '../src/service.ts'

/** A Monday morning. */
const START = Date.parse('2026-11-30T07:00:00Z')

/** A tenant and the engine on one simulated clock, without API. */
export interface Bench {
  clock: SimulatedClock
  tenant: Tenant
  wavegate: Wavegate
  close(): Promise<void>
}

export async function openBench(people: number): Promise<Bench> {
  const clock = simulatedClock({ start: START })
  const tenant = await startTenant({ clock, people })
  trust(tenant.ca)
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-bench-'))
  const wavegate = await openWavegate({
    config: {
      db: join(folder, 'bench.db'),
      port: 0,
      graphUrl: tenant.tenant,
      authority: tenant.authority,
      tenantId: tenant.tenantId,
      clientId: tenant.clientId,
      logLevel: 'warn',
      delays: 1,
    },
    secrets: { clientSecret: tenant.clientSecret },
    clock,
    log: createLog('warn'),
  })
  return {
    clock,
    tenant,
    wavegate,
    async close() {
      clock.stop()
      await wavegate.close()
      await tenant.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type EnforceBy = 'conditional-access' | 'per-user-mfa'

/** Two waves without an approver: the test user, then everybody. */
export function planOf(pace: string, by: EnforceBy = 'conditional-access'): string {
  const enforce = {
    'conditional-access': '{ by: conditional-access, group: MFA required, policy: Require MFA (wavegate) }',
    'per-user-mfa': '{ by: per-user-mfa }',
  }[by]
  return `version: 1
name: bench
timezone: Europe/Copenhagen
enforce: ${enforce}
protect:
  emergencyAccounts: [bg1@contoso.onmicrosoft.com, bg2@contoso.onmicrosoft.com]
  groups: [Service accounts]
pace: ${pace}
gates:
  readiness: { unready: defer, deferAtMost: 90% }
  approval: { from: none, reason: a measurement }
  soak: { for: 1h }
  budget:
    lockedOut: { max: 50%, onSpent: hold }
    failedChanges: { max: 50%, onSpent: hold }
waves:
  - { name: test-user, members: { users: [test.user@contoso.com] } }
  - { name: everyone, members: rest }
`
}

/** Creates the rollout, starts it, and resolves when it has ended. */
export async function runToEnd(
  { wavegate }: Bench,
  plan: string,
  onEvent: (event: EventView) => void = () => {},
): Promise<RolloutView> {
  const { service } = wavegate
  const operator = localOperator()
  const { rollout } = await service.createRollout(operator, plan)
  let seen = 0
  const over = new Promise<void>((resolve) => {
    let reading = Promise.resolve()
    const read = async () => {
      const events = await service.events(rollout.id, seen, 1_000)
      seen = events.at(-1)?.seq ?? seen
      events.forEach(onEvent)
      if (events.some(({ type }) => /^rollout\.(completed|aborted)/.test(type))) resolve()
    }
    service.onEvents(() => {
      reading = reading.then(read)
    })
  })
  await wavegate.start()
  const { id, etag } = rollout
  await service.act(operator, {
    verb: 'start',
    rollout: id,
    reason: 'a measurement',
    dryRun: false,
    ifMatch: etag,
  })
  await over
  return await service.showRollout(id)
}
