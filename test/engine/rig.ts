import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished } from 'vitest'
import { simulatedClock } from '../../src/clock/simulated-clock.ts'
import type { Config } from '../../src/config.ts'
import type { Scenario } from '../../src/emulator/scenario.ts'
import type { Tenant } from '../../src/emulator/tenant.ts'
import { startTenant } from '../../src/emulator/tenant.ts'
import type { KindsOfPreparation } from '../../src/engine/preparations.ts'
import { localOperator, openWavegate, type Wavegate } from '../../src/main.ts'
import type { Caller, Keep, RolloutView, Verb, VerbAnswer, VerbCall } from '../../src/service.ts'
import type { StoredEvent } from '../../src/store/events.ts'
import { trust } from '../trust.ts'
import { type Commit, type Death, type WatchedStore, watchCommits } from './commit-points.ts'
import { planText } from './plan-of-waves.ts'
import { stillTime } from './still-time.ts'

export const METTE: Caller = { person: 'mette@contoso.com', roles: ['changeManager'], channel: 'rest' }
export const ANDERS: Caller = { person: 'anders@contoso.com', roles: ['approver'], channel: 'rest' }
export const ONA: Caller = { person: 'ona@contoso.com', roles: ['onCall'], channel: 'rest' }
export const HANNE: Caller = { person: 'hanne@contoso.com', roles: ['helpDesk'], channel: 'rest' }

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** What secrets are sealed with. */
export const SECRET_KEY = 'a key for tests, longer than a word is'

/** A Monday morning. */
export const MONDAY = Date.parse('2026-03-02T07:00:00Z')

const ENDED = ['completed', 'completedWithLeftovers', 'aborted', 'rolledBack', 'rollbackFailed']

export interface RigOptions {
  people?: number
  seed?: number
  scenario?: Scenario
  start?: number
  /** Pieces of what the log may say at level error; anything else there fails the test. */
  mayLog?: RegExp
  /** Gets every line of the log, of every level. */
  log?: string[]
  /** Other preparations than the product has. */
  preparations?: KindsOfPreparation
  /** The test closes by itself. */
  byHand?: boolean
}

type Wanted = string | ((event: StoredEvent) => boolean)

export interface Rig {
  tenant: Tenant
  config: Config
  now(): number
  wavegate: Wavegate
  commits: WatchedStore
  /** Everything that was committed as an event, in order, since the rig was opened. */
  events: StoredEvent[]
  /** Every commit, with the length of the tenant's journal at that moment. */
  committed: { wrote: Commit; journal: number }[]
  /** A call to the service, while which time may pass for what only time brings: the turn at a limiter. */
  answer<T>(call: () => T): T
  /** A draft by the change manager, with the warnings. */
  create(plan?: string): ReturnType<Wavegate['service']['createRollout']>
  /** A draft by the change manager. */
  draft(plan?: string): Promise<string>
  /** Draft and start. */
  started(plan?: string): Promise<string>
  act(caller: Caller, verb: Verb, rollout: string, more?: Partial<VerbCall>, keep?: Keep): Promise<VerbAnswer>
  show(rollout: string): Promise<RolloutView>
  waveName(id: string | null): string | undefined
  /** Lets time pass until an event comes that was not waited for before; then time stands still again. */
  until(wanted: Wanted, wave?: string): Promise<StoredEvent>
  /** Until the rollout has ended, one way or the other. */
  ended(rollout: string): Promise<RolloutView>
  pass(ms: number): Promise<void>
  /** Runs at once when such an event is committed, before anything else happens; once. */
  when(wanted: Wanted, run: () => void): void
  /** Runs at once after a commit that wrote this, such as `intend:apply`; once. */
  whenWritten(word: string, run: () => void): void
  /** Resolves when the process was ended after this many more commits, and nothing of it runs any more. */
  killedAfter(commits: number, when: Death): Promise<void>
  /** Stops cleanly; `reopen` goes on with the same database, tenant and time. */
  stop(): Promise<void>
  reopen(): Promise<void>
  close(): Promise<void>
}

/** Anders has a token as an approver, as whoever is named for a deferral has to. */
export async function knowAnders({ wavegate }: Rig): Promise<void> {
  await wavegate.service.createToken(localOperator(), ANDERS.person, 'approver')
}

/** A tenant and a wavegate on one simulated clock, which stands still whenever the test is not waiting. */
export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const clock = simulatedClock({ start: options.start ?? MONDAY })
  const { people = 40, seed = 1, scenario = 'clean' } = options
  const tenant = await startTenant({ clock, people, seed, scenario })
  trust(tenant.ca)
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-engine-'))
  const config: Config = {
    db: join(folder, 'wavegate.db'),
    port: 0,
    graphUrl: tenant.tenant,
    authority: tenant.authority,
    tenantId: tenant.tenantId,
    clientId: tenant.clientId,
    logLevel: 'error',
    delays: 1,
  }
  const errors: string[] = []
  const write = (line: string) => {
    options.log?.push(line)
    if (/^\{"level":[56]0/.test(line)) errors.push(line)
  }
  const log = pino({ level: options.log ? 'trace' : 'error', base: null }, { write })
  const time = stillTime(clock)
  const events: StoredEvent[] = []
  let cursor = 0
  let waves = new Map<string, string>()
  const hooks: { wanted: Wanted; run: () => void }[] = []
  let waiting: { wanted: (event: StoredEvent) => boolean; found: (event: StoredEvent) => void } | undefined
  const written: { word: string; run: () => void }[] = []

  const matches = (wanted: Wanted, event: StoredEvent) =>
    typeof wanted === 'string' ? event.type === wanted : wanted(event)

  function hear(event: StoredEvent): void {
    events.push(event)
    if (event.type === 'wave.added' && event.waveId) waves.set(event.waveId, String(event.data.name))
    for (const hook of hooks.filter((one) => matches(one.wanted, event))) {
      hooks.splice(hooks.indexOf(hook), 1)
      hook.run()
    }
    if (!waiting?.wanted(event)) return
    const { found } = waiting
    waiting = undefined
    cursor = events.length
    time.stand()
    found(event)
  }

  function hearCommit(commit: Commit): void {
    rig.committed.push({ wrote: commit, journal: tenant.world.journal.entries.length })
    for (const hook of written.filter((one) => commit.includes(one.word))) {
      written.splice(written.indexOf(hook), 1)
      hook.run()
    }
  }

  async function open(): Promise<void> {
    const secrets = { clientSecret: tenant.clientSecret, secretKey: SECRET_KEY }
    const preparations = options.preparations ? { preparations: options.preparations } : {}
    rig.wavegate = await openWavegate({ config, secrets, clock, log, ...preparations })
    rig.wavegate.store.onCommit((committed) => committed.forEach(hear))
    rig.commits = watchCommits(rig.wavegate.store)
    rig.commits.onWritten(hearCommit)
    await rig.wavegate.start()
  }

  const rig: Rig = {
    tenant,
    config,
    now: () => clock.now(),
    wavegate: undefined as unknown as Wavegate,
    commits: undefined as unknown as WatchedStore,
    events,
    committed: [],
    answer: (call) => clock.answer(call),
    create: (plan = planText()) => rig.answer(() => rig.wavegate.service.createRollout(METTE, plan)),
    async draft(plan) {
      const made = await rig.create(plan)
      waves = new Map([...waves, ...made.rollout.waves.map((wave) => [wave.id, wave.name] as const)])
      return made.rollout.id
    },
    async started(plan) {
      const id = await rig.draft(plan)
      await rig.act(METTE, 'start', id)
      return id
    },
    async act(caller, verb, rollout, more = {}, keep) {
      const { etag } = await rig.show(rollout)
      const call: VerbCall = { verb, rollout, reason: 'a test', dryRun: false, ifMatch: etag, ...more }
      return await clock.answer(() => rig.wavegate.service.act(caller, call, keep))
    },
    waveName: (id) => waves.get(id ?? ''),
    async show(rollout) {
      const view = await rig.wavegate.service.showRollout(rollout)
      for (const { id, name } of view.waves) waves.set(id, name)
      return view
    },
    async until(wanted, wave) {
      const suits = (event: StoredEvent) =>
        matches(wanted, event) && (wave === undefined || waves.get(event.waveId ?? '') === wave)
      const place = events.findIndex((event, index) => index >= cursor && suits(event))
      if (place !== -1) {
        cursor = place + 1
        return events[place] as StoredEvent
      }
      const what = `${typeof wanted === 'string' ? wanted : 'such an event'}${wave ? ` of wave ${wave}` : ''}`
      return await time.run(
        (found: (event: StoredEvent) => void) => {
          waiting = { wanted: suits, found }
        },
        () => `${what} did not come; the last were ${events.slice(-8).map(say).join('; ')}`,
      )
    },
    async ended(rollout) {
      const now = events.length
      const view = await rig.show(rollout)
      if (ENDED.includes(view.state)) return view
      cursor = now
      await rig.until(
        (event) => event.rolloutId === rollout && ENDED.some((state) => event.type === `rollout.${state}`),
      )
      return await rig.show(rollout)
    },
    pass: (ms) => time.pass(ms),
    when: (wanted, run) => hooks.push({ wanted, run }),
    whenWritten: (word, run) => written.push({ word, run }),
    killedAfter(commits, when) {
      let left = commits
      const { wavegate } = rig
      return new Promise((resolve) =>
        rig.commits.onWritten(() => {
          if (--left !== 0) return
          rig.commits.end(when)
          time.stand()
          // What is in flight, or waits for its turn at the limiter, is answered; nobody hears of it.
          time
            .pass(when === 'afterCall' ? 5_000 : 0)
            .then(() => wavegate.close())
            .then(resolve, () => resolve())
        }),
      )
    },
    stop: () => rig.wavegate.close(),
    reopen: open,
    async close() {
      await rig.wavegate.close().catch(() => {})
      await tenant.close()
      clock.stop()
      rmSync(folder, { recursive: true })
      expect(errors.filter((line) => !options.mayLog?.test(line))).toEqual([])
    },
  }
  if (!options.byHand) onTestFinished(() => rig.close())
  await open()
  return rig
}

function say(event: StoredEvent): string {
  return `${new Date(event.at).toISOString()} ${event.type} ${event.reason}`.trim()
}
