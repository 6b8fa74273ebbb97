/** Who may import what. The table of docs/architecture.md, with an entry for every place there is. */
export interface Place {
  /** Places of ours, run-time imports and types. */
  ours: readonly string[]
  /** Places of ours whose types alone it may name. */
  types?: readonly string[]
  packages: readonly string[]
}

export const HOUSE: Record<string, Place> = {
  machines: { ours: [], packages: ['xstate', 'zod'] },
  migrations: { ours: [], packages: ['kysely'] },
  'src/errors.ts': { ours: ['src/error-files.ts', 'src/shown-once-errors.ts'], packages: [] },
  'src/shown-once-errors.ts': { ours: [], packages: [] },
  'src/error-files.ts': { ours: [], packages: [] },
  'src/config.ts': { ours: ['src/errors.ts'], packages: ['zod'] },
  'src/dates-file.ts': { ours: ['src/errors.ts', 'src/people'], packages: ['node:fs'] },
  'src/clock': { ours: [], packages: ['node:async_hooks'] },
  // Pure: units and the declared times are shared between them, since a plan is judged by what the gates will do.
  'src/plan': {
    ours: ['machines', 'src/gates'],
    packages: ['libphonenumber-js', 'luxon', 'node:crypto', 'yaml', 'zod'],
  },
  'src/people': {
    ours: ['machines', 'src/plan'],
    packages: ['csv-parse', 'libphonenumber-js', 'node:crypto', 'zod'],
  },
  'src/gates': { ours: ['machines', 'src/plan', 'src/people'], packages: ['zod'] },
  'src/graph': {
    ours: ['src/clock'],
    packages: ['@azure/identity', '@microsoft/microsoft-graph-client', 'node:crypto', 'zod'],
  },
  'src/methods': { ours: [], types: ['src/graph'], packages: [] },
  'src/prepare': {
    ours: ['src/people', 'src/plan'],
    types: ['src/graph', 'src/methods', 'src/store'],
    packages: ['liquidjs', 'luxon', 'marked', 'otpauth'],
  },
  'src/store': {
    ours: ['machines', 'migrations', 'src/errors.ts'],
    types: ['src/people'],
    packages: ['better-sqlite3', 'kysely', 'node:crypto', 'node:fs', 'node:os', 'node:path', 'zod'],
  },
  'src/engine': {
    ours: [
      'machines',
      'src/clock',
      'src/gates',
      'src/graph',
      'src/methods',
      'src/people',
      'src/plan',
      'src/prepare',
      'src/store',
    ],
    packages: ['node:crypto', 'xstate', 'zod'],
  },
  // The simulated tenant must not agree with us by construction.
  'src/emulator': {
    ours: [],
    packages: [
      '@microsoft/microsoft-graph-types',
      'fastify',
      'luxon',
      'node:crypto',
      'node:fs',
      'node:http',
      'node:https',
      'node:perf_hooks',
      'selfsigned',
      'zod',
    ],
  },
  // The only door for api, cli and demo; it translates the errors of Graph for them.
  'src/service': {
    ours: [
      'machines',
      'src/clock',
      'src/engine',
      'src/errors.ts',
      'src/gates',
      'src/graph',
      'src/methods',
      'src/people',
      'src/plan',
      'src/prepare',
      'src/store',
    ],
    packages: ['node:crypto', 'zod'],
  },
  // The composition root: the only place that news everything.
  'src/main.ts': {
    ours: [
      'api',
      'src/clock',
      'src/config.ts',
      'src/dates-file.ts',
      'src/engine',
      'src/errors.ts',
      'src/gates',
      'src/graph',
      'src/people',
      'src/service',
      'src/store',
    ],
    packages: ['fastify', 'node:crypto', 'node:fs', 'node:os', 'node:path', 'pino'],
  },
  // Plays tenant, server and people in one process.
  'src/demo': {
    ours: ['src/clock', 'src/emulator', 'src/errors.ts', 'src/main.ts', 'src/service'],
    packages: ['node:fs', 'node:os', 'node:path', 'node:tls'],
  },
  // A client of the API; beside that it checks plans, and reads who serves a database.
  'src/cli': {
    ours: [
      'machines',
      'src/clock',
      'src/config.ts',
      'src/demo',
      'src/emulator',
      'src/errors.ts',
      'src/main.ts',
      'src/people',
      'src/plan',
      'src/prepare',
      'src/service',
      'src/store/lock.ts',
    ],
    packages: [
      'cli-table3',
      'commander',
      'eventsource-parser',
      'node:crypto',
      'node:events',
      'node:fs',
      'node:http',
      'node:path',
      'node:stream/consumers',
      'node:util',
    ],
  },
  api: {
    ours: ['machines', 'src/errors.ts', 'src/service'],
    types: ['src/clock'],
    packages: [
      '@fastify/swagger',
      'fastify',
      'fastify-type-provider-zod',
      'node:crypto',
      'node:http',
      'node:net',
      'node:stream',
      'zod',
    ],
  },
}

/** Files that may do what their place may not, and why. */
export const EXCEPTIONS: Record<string, { packages: readonly string[]; why: string }> = {
  'src/plan/print-schema.ts': {
    packages: ['node:fs'],
    why: 'run by hand: writes schema/rollout.schema.json',
  },
}

/** The only files that ask the machine what time it is, or wait for it. */
export const OWN_TIME: Record<string, string> = {
  'src/clock/': 'time comes from here',
  'src/emulator/service/wall-time.ts': 'tokens live, and faults delay, on the wall',
}

/** The place a file lives in: the longest entry that it is or lies in. `src/service.ts` is the door of `src/service`. */
export function placeOf(path: string): string | undefined {
  const home = path === 'src/service.ts' ? 'src/service' : path
  return Object.keys(HOUSE)
    .filter((place) => home === place || home.startsWith(`${place}/`))
    .toSorted((a, b) => b.length - a.length)[0]
}
