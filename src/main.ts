import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import type { FastifyInstance } from 'fastify'
import { type Logger, pino } from 'pino'
import { createApp } from '../api/app.ts'
import type { Clock } from './clock/clock.ts'
import { wallClock } from './clock/wall-clock.ts'
import { type Config, requireTenant, type Secrets } from './config.ts'
import { readDatesFile } from './dates-file.ts'
import { type KindsOfPreparation, PREPARATIONS } from './engine/preparations.ts'
import { createEngine } from './engine/runtime.ts'
import { createSecretBox } from './engine/secret-box.ts'
import { taskHandlers } from './engine/work.ts'
import { ENGINE_TIMES, type EngineTimes, MOST_POLICIES, type World } from './engine/world.ts'
import { fault } from './errors.ts'
import { DECLARED_TIMES, type DeclaredTimes, scaleDeclaredTimes } from './gates/declared-times.ts'
import { createGraph } from './graph/client.ts'
import { clientSecretCredential } from './graph/credential.ts'
import { createDirectory } from './graph/directory/directory.ts'
import { createLimiter } from './graph/limiter.ts'
import { limitsFor, scaleLimits } from './graph/limits.ts'
import { MICROSOFT_DATES } from './people/microsoft-dates.ts'
import { limitsView } from './service/limits-view.ts'
import { type Caller, createService, Role, type Service } from './service.ts'
import { removeLockNote, socketPath, writeLockNote } from './store/lock.ts'
import { migrate } from './store/migrate.ts'
import { openSqlite } from './store/sqlite.ts'
import { createStore, type Store } from './store/store.ts'

/** The composition root: the only place that news everything. */
export interface Wavegate {
  service: Service
  store: Store
  /** Begins to do what is due. */
  start(): Promise<void>
  /** Calls off what callers wait for. */
  stop(): void
  /** Ends cleanly: nothing is lost, nothing new is begun. */
  close(): Promise<void>
}

export interface OpenOptions {
  config: Config
  secrets: Secrets
  clock?: Clock
  log?: Logger
  preparations?: KindsOfPreparation
}

/** Whoever sits at the machine and may open the file may do everything; approving their own request they may not. */
export function localOperator(): Caller {
  return { person: `${userInfo().username}@localhost`, roles: Role.options, channel: 'socket' }
}

export function createLog(level: Config['logLevel']): Logger {
  return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }))
}

/** @throws databaseLocked, databaseUnreadable, databaseTooNew */
export async function openWavegate(options: OpenOptions): Promise<Wavegate> {
  const { config, secrets } = options
  const clock = options.clock ?? wallClock()
  const log = options.log ?? createLog(config.logLevel)
  const db = openSqlite(config.db)
  await migrate(db, clock.now())
  const store = createStore(db)
  const graph = createGraph({
    clock,
    wall: wallClock(),
    limiter: createLimiter({ clock, limits: scaleLimits(limitsFor('L'), config.delays) }),
    baseUrl: config.graphUrl,
    customHosts: new Set([new URL(config.graphUrl).hostname]),
    credential() {
      requireTenant(config, secrets)
      const { tenantId, clientId, authority: authorityHost } = config
      return clientSecretCredential({
        tenantId,
        clientId,
        clientSecret: secrets.clientSecret,
        authorityHost,
      })()
    },
  })
  const installation = await installationOf(store)
  const { secretKey } = secrets
  const world: World = {
    clock,
    store,
    directory: createDirectory(graph),
    graphClock: () => graph.graphClock.reading(),
    identity: () => graph.identity(),
    declared: declaredTimes(config.delays),
    times: engineTimes(config.delays),
    installation,
    mostPolicies: config.policyLimit ?? MOST_POLICIES,
    preparations: options.preparations ?? PREPARATIONS,
    dates: config.datesFile === undefined ? MICROSOFT_DATES : readDatesFile(config.datesFile),
    secretBox: secretKey === undefined ? null : createSecretBox(secretKey, installation),
    log,
  }
  const engine = createEngine(world, taskHandlers(world))
  const ending = new AbortController()
  return {
    service: createService({
      world,
      machine: {
        node: process.versions.node,
        db: config.db,
        graphUrl: config.graphUrl,
        authority: config.authority,
        hasSecretKey: secrets.secretKey !== undefined,
      },
      limits: () => limitsView(graph.limiter.state(), graph.graphClock.reading()),
      signal: ending.signal,
    }),
    store,
    start: () => engine.start(),
    stop: () => ending.abort(new Error('the server stops')),
    async close() {
      ending.abort(new Error('the server stops'))
      await engine.stop()
      await store.close()
    },
  }
}

async function installationOf(store: Store): Promise<string> {
  const known = await store.read.setting('installation')
  if (known !== undefined) return known
  const made = randomBytes(4).toString('hex')
  await store.tx((writer) => writer.setSetting('installation', made))
  return made
}

/** Real calls take real milliseconds, however short the days of a rehearsal are. */
const SHORTEST_READ_BACK = 3_000

function declaredTimes(delays: number): DeclaredTimes {
  if (delays === 1) return DECLARED_TIMES
  const scaled = scaleDeclaredTimes(DECLARED_TIMES, delays)
  return { ...scaled, readBackDeadlineMs: Math.max(scaled.readBackDeadlineMs, SHORTEST_READ_BACK) }
}

function engineTimes(delays: number): EngineTimes {
  if (delays === 1) return ENGINE_TIMES
  const scaled = (ms: number, least: number) => Math.max(least, Math.round(ms * delays))
  return {
    recheckMs: scaled(ENGINE_TIMES.recheckMs, 1_000),
    // The log takes four readings in a second then.
    intakeMs: scaled(ENGINE_TIMES.intakeMs, 1_000),
    driftMs: scaled(ENGINE_TIMES.driftMs, 5_000),
    driftAfterMs: scaled(ENGINE_TIMES.driftAfterMs, 60_000),
    driftConfirmMs: scaled(ENGINE_TIMES.driftConfirmMs, 500),
    readBackFirstMs: scaled(ENGINE_TIMES.readBackFirstMs, 20),
    readBackLongestMs: scaled(ENGINE_TIMES.readBackLongestMs, 200),
    lookBackMs: scaled(ENGINE_TIMES.lookBackMs, 60_000),
    rolesPatienceMs: scaled(ENGINE_TIMES.rolesPatienceMs, 2_000),
  }
}

export interface Server {
  url: string
  wavegate: Wavegate
  close(): Promise<void>
}

/** Serves the API on loopback and on the local socket that the lock file names, and runs the engine. */
export async function serve(options: OpenOptions): Promise<Server> {
  const clock = options.clock ?? wallClock()
  const log = options.log ?? createLog(options.config.logLevel)
  const wavegate = await openWavegate({ ...options, clock, log })
  const { service } = wavegate
  const { db, port } = options.config
  const app = createApp({ service, clock, wall: wallClock(), log })
  const local = createApp({ service, clock, wall: wallClock(), log, localOperator: localOperator() })
  const url = await listen(app, port).catch(async (error) => {
    await wavegate.close()
    throw error
  })
  const socket = socketPath(db)
  rmSync(socket, { force: true })
  // From its first moment only for whoever runs the server.
  const umask = process.umask(0o177)
  await local.listen({ path: socket })
  process.umask(umask)
  writeLockNote(db, { pid: process.pid, socket })
  await wavegate.start()
  return {
    url,
    wavegate,
    async close() {
      // What waits for Microsoft on a caller's behalf is called off first, or the callers would be waited for.
      wavegate.stop()
      await Promise.all([app.close(), local.close()])
      await wavegate.close()
      removeLockNote(db)
    },
  }
}

/** @throws portInUse */
async function listen(app: FastifyInstance, port: number): Promise<string> {
  try {
    return await app.listen({ host: '127.0.0.1', port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw fault('portInUse', { port }, error)
    throw error
  }
}

/** For the CLI while nobody serves: the same API in this process, without the engine. What is asked for is done at the next start. */
export async function openOffline(
  options: OpenOptions,
): Promise<{ app: FastifyInstance; close(): Promise<void> }> {
  const clock = options.clock ?? wallClock()
  const wavegate = await openWavegate({ ...options, clock })
  const app = createApp({ service: wavegate.service, clock, localOperator: localOperator() })
  return {
    app,
    async close() {
      await app.close()
      await wavegate.close()
    },
  }
}
