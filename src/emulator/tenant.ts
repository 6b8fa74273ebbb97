import { randomBytes, randomUUID } from 'node:crypto'
import type { TenantSettings } from './graph/route.ts'
import { latest } from './lagged.ts'
import { otherHand, type TenantWorld } from './other-hand.ts'
import { FULL_PERMISSIONS } from './permissions.ts'
import type { Scenario } from './scenario.ts'
import { serveAuthority } from './service/authority.ts'
import { ownCertificate } from './service/certificate.ts'
import { type Fault, faultScript } from './service/fault.ts'
import { sufferFaults } from './service/fault-hooks.ts'
import type { GraphServiceOptions } from './service/graph-service.ts'
import { serveGraph } from './service/graph-service.ts'
import { heldServer, listenOnLoopback } from './service/held-server.ts'
import { throttle } from './service/throttle.ts'
import { serveJournal } from './service/twin.ts'
import { openStateFile, type StateFile, type TenantIdentity } from './state-file.ts'
import { createWorld, type World } from './world.ts'

export type { TenantWorld } from './other-hand.ts'
export { SCENARIOS, type Scenario } from './scenario.ts'
export type { BatchThrottling } from './service/batch.ts'
export type { Fault, FaultAction } from './service/fault.ts'
export type { OtherLoad } from './service/others.ts'

/** Time as the tenant sees it. A simulated one jumps only while nobody holds it. */
export interface TenantClock {
  now(): number
  at(time: number, run: () => void): () => void
  hold(): () => void
}

export interface TenantOptions {
  clock: TenantClock
  /** 1,200 unless given. */
  people?: number
  /** 1 unless given. */
  seed?: number
  /** HTTPS, Graph and authority; 0 or absent: any free port. */
  port?: number
  /** The plain-HTTP twin. */
  graphPort?: number
  /** Keeps the tenant across restarts. Once begun, the file decides on people, seed, scenario and delays. */
  stateFile?: string
  /** Factor on Microsoft's delays, on the people's days and, to a tenth, on the windows of the limits. */
  delays?: number
  scenario?: Scenario
  faults?: Fault[]
}

export interface Tenant {
  /** Base of the plain twin. */
  graph: string
  /** Base of Graph over HTTPS. */
  tenant: string
  authority: string
  tenantId: string
  clientId: string
  clientSecret: string
  /** The certificate to trust, PEM. */
  ca: string
  addFault(fault: Fault): void
  clearFaults(): void
  world: TenantWorld
  close(): Promise<void>
}

/** Starts a tenant of Microsoft Entra that exists on this machine only. */
export async function startTenant(options: TenantOptions): Promise<Tenant> {
  const { clock } = options
  const state = await openState(options)
  const { identity } = state
  const world = recording(restored(identity, state), state)
  const settings: TenantSettings = {
    ...pickIds(identity),
    permissions: new Set(FULL_PERMISSIONS),
    premium: identity.scenario !== 'no-p1',
    premiumP2: false,
    batchThrottling: 'inner429',
    mailFrom: null,
    others: {},
    tokenLifetime: 3599,
  }
  const now = () => clock.now()
  const hold = () => clock.hold()
  const faults = faultScript(options.faults ?? [], (url) => world.outage?.meet(url, now()))
  const common: GraphServiceOptions = { world, settings, now, newId: randomUUID }

  const secure = heldServer({ hold, certificate: identity.certificate })
  sufferFaults(secure, faults, now)
  serveAuthority(secure, settings, randomUUID)
  const { people, delays } = identity
  const guard = throttle({ ...pickIds(identity), people }, () => settings.others, delays)
  serveGraph(secure, { ...common, guard, faults })
  const twin = heldServer({ hold })
  serveGraph(twin, common)
  serveJournal(twin, world, now)

  const [port, graphPort] = [
    await listenOnLoopback(secure, options.port ?? 0),
    await listenOnLoopback(twin, options.graphPort ?? 0),
  ]
  return {
    graph: `http://127.0.0.1:${graphPort}`,
    tenant: `https://localhost:${port}`,
    authority: `https://localhost:${port}`,
    ...pickIds(identity),
    ca: identity.certificate.cert,
    addFault: faults.add,
    clearFaults: faults.clear,
    world: insight(world, settings, now),
    close: async () => {
      await Promise.all([secure.close(), twin.close()])
    },
  }
}

async function openState(options: TenantOptions): Promise<StateFile> {
  const begin = async (): Promise<TenantIdentity> => ({
    tenantId: randomUUID(),
    clientId: randomUUID(),
    clientSecret: randomBytes(24).toString('base64url'),
    certificate: await ownCertificate(`simulated tenant ${randomUUID()}`),
    people: options.people ?? 1200,
    seed: options.seed ?? 1,
    scenario: options.scenario ?? 'clean',
    delays: options.delays ?? 1,
    epoch: options.clock.now(),
  })
  if (options.stateFile) return openStateFile(options.stateFile, begin)
  return { identity: await begin(), changes: [], append: () => {} }
}

function restored(identity: TenantIdentity, state: StateFile): World {
  const { people, seed, scenario, delays, epoch } = identity
  const world = createWorld({ people, seed, scenario, delays, epoch })
  for (const { at, change, hand } of state.changes) world.change(change, hand, at)
  return world
}

/** Writes down every change that had an effect before it is answered. */
function recording(world: World, state: StateFile): World {
  return {
    ...world,
    change(change, hand, at) {
      world.advance(at)
      const before = world.journal.entries.length
      const created = world.change(change, hand, at)
      const isTold = world.journal.entries.length > before || change.kind === 'comeBack'
      if (isTold) state.append({ at, change, hand })
      return created
    },
  }
}

function pickIds({ tenantId, clientId, clientSecret }: TenantIdentity) {
  return { tenantId, clientId, clientSecret }
}

function insight(world: World, settings: TenantSettings, now: () => number): TenantWorld {
  const { directory, journal } = world
  const act = otherHand(directory, (change) => {
    const hand = { actor: 'other', requestId: randomUUID(), method: 'PORTAL', path: `/${change.kind}` }
    return world.change(change, hand, now())
  })
  return {
    ...act,
    get people() {
      return directory.people
    },
    get groups() {
      return [...directory.groups.values()]
    },
    get policies() {
      return [...directory.policies.values()].flatMap((policy) => latest(policy.body) ?? [])
    },
    get tokens() {
      return [...directory.tokens.values()]
    },
    get journal() {
      world.advance(now())
      return journal
    },
    permissions: settings.permissions,
    setPremium: (premium) => {
      settings.premium = premium
    },
    setBatchThrottling: (how) => {
      settings.batchThrottling = how
    },
    restrictMail(senders) {
      settings.mailFrom = senders && new Set(senders.map((one) => act.person(one).id))
    },
    setOtherLoad: (load) => {
      settings.others = load
    },
    setPremiumP2: (premium) => {
      settings.premiumP2 = premium
    },
    setTokenLifetime: (seconds) => {
      settings.tokenLifetime = seconds
    },
  }
}
