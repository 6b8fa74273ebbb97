import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simulatedClock } from '../clock/simulated-clock.ts'
import { type Scenario, startTenant } from '../emulator/tenant.ts'
import { createLog, localOperator, serve } from '../main.ts'
import { type EventView, Role, type RolloutView } from '../service.ts'
import { beginRollout } from './begin-rollout.ts'
import { caller } from './caller.ts'
import { CAST } from './people.ts'
import { playScript } from './script.ts'
import { standstill } from './standstill.ts'
import { trust } from './trust.ts'

/** Where the demo's time begins: a fixed Monday morning, so that the demo never rots. */
export const DEMO_START = Date.parse('2026-11-30T07:00:00Z')

export interface DemoOptions {
  plan: string
  people: number
  seed: number
  scenario: Scenario
  db: string | undefined
  port: number
  graphPort: number
  /** Simulated seconds a second; 0: as fast as it goes. */
  speed: number
  logLevel: 'silent' | 'error' | 'warn' | 'info'
}

export interface DemoAddresses {
  api: string
  graph: string
  tenant: string
  token: string
  tokens: Record<Role, string>
}

export interface Demo {
  addresses: DemoAddresses
  rolloutId: string
  show(): Promise<RolloutView>
  leftovers(): ReturnType<Awaited<ReturnType<typeof serve>>['wavegate']['service']['leftovers']>
  /** Resolves when the rollout has ended, or is held by what nobody in the script lifts. */
  ended: Promise<RolloutView>
  close(): Promise<void>
}

/** Tenant, server and scripted people in one process on one simulated clock; runs the plan as its users would. */
export async function runDemo(options: DemoOptions, onEvents: (events: EventView[]) => void): Promise<Demo> {
  const clock = simulatedClock({ start: DEMO_START, speed: options.speed })
  const tenant = await startTenant({
    clock,
    people: options.people,
    seed: options.seed,
    scenario: options.scenario,
    graphPort: options.graphPort,
  })
  trust(tenant.ca)
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-demo-'))
  const config = {
    db: options.db ?? join(folder, 'demo.db'),
    port: options.port,
    graphUrl: tenant.tenant,
    authority: tenant.authority,
    tenantId: tenant.tenantId,
    clientId: tenant.clientId,
    logLevel: options.logLevel,
    delays: 1,
  }
  const log = createLog(options.logLevel)
  async function clear(): Promise<void> {
    await tenant.close()
    clock.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const secrets = { clientSecret: tenant.clientSecret }
  const server = await serve({ config, secrets, clock, log }).catch(async (error) => {
    await clear()
    throw error
  })
  const { service } = server.wavegate
  async function close(): Promise<void> {
    await server.close()
    await clear()
  }
  try {
    const tokens = {} as Record<Role, string>
    for (const role of Role.options)
      tokens[role] = (await service.createToken(localOperator(), CAST[role], role)).token
    const people = Object.fromEntries(
      Role.options.map((role) => [role, caller(clock, server.url, tokens[role])]),
    )
    const { changeManager, approver, onCall } = people as Record<Role, ReturnType<typeof caller>>
    const plays = { onCall: options.scenario === 'bad-numbers' }
    const script = playScript(clock, { approver, onCall }, plays, (error) =>
      log.error({ err: error }, 'a scripted call failed'),
    )
    const rollout = await changeManager.createRollout(options.plan)
    const addresses = {
      api: server.url,
      graph: tenant.graph,
      tenant: tenant.tenant,
      token: tokens.onCall,
      tokens,
    }
    const show = () => service.showRollout(rollout.id)

    let seen = 0
    let reading = Promise.resolve()
    const ended = new Promise<RolloutView>((resolve, reject) => {
      const still = standstill(clock, () => {
        reading = reading.then(() => end().catch(reject))
      })
      async function tellEvents(): Promise<boolean> {
        const events = await service.events(rollout.id, seen, 10_000)
        seen = events.at(-1)?.seq ?? seen
        if (events.length === 0) return false
        events.forEach(script.see)
        onEvents(events)
        return true
      }
      /** The view comes last: what led to it may have been committed after the events were read. */
      async function end(): Promise<void> {
        const view = await show()
        await tellEvents()
        resolve(view)
      }
      async function readOn(): Promise<void> {
        const release = clock.hold()
        try {
          if (!(await tellEvents())) return
          const view = await show()
          if (isOver(view)) await end()
          still.look(view, script.isExpected())
        } catch (error) {
          reject(error)
        } finally {
          release()
        }
      }
      service.onEvents(() => {
        reading = reading.then(readOn)
      })
      reading = readOn()
    })
    await beginRollout({ changeManager, approver }, rollout.id)
    return {
      addresses,
      rolloutId: rollout.id,
      show,
      leftovers: () => service.leftovers(rollout.id),
      ended,
      close,
    }
  } catch (error) {
    await close()
    // It was made just now, and a demo that did not begin can be tried again.
    for (const part of options.db === undefined ? [] : ['', '-wal', '-shm']) {
      rmSync(options.db + part, { force: true })
    }
    throw error
  }
}

function isOver(view: RolloutView): boolean {
  return !['draft', 'running', 'rollingBack'].includes(view.state)
}
