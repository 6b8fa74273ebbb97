import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wallClock } from '../src/clock/wall-clock.ts'
import { settingsOf } from '../src/engine/cohort-verdicts.ts'
import { summarize, USUAL } from '../src/engine/people-summary.ts'
import type { World } from '../src/engine/world.ts'
import { DECLARED_TIMES } from '../src/gates/declared-times.ts'
import { MICROSOFT_DATES } from '../src/people/microsoft-dates.ts'
import { migrate } from '../src/store/migrate.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import { createStore } from '../src/store/store.ts'
import { printTable } from './table.ts'

// Everybody's readiness from stored facts: node bench/readiness.ts [people] [times]
const people = Number(process.argv[2] ?? 100_000)
const times = Number(process.argv[3] ?? 5)
const DAY = 86_400_000
const METHODS = [
  ['microsoftAuthenticatorPush', 'softwareOneTimePasscode'],
  ['mobilePhone'],
  [],
  ['passKeyDeviceBound'],
]

const folder = mkdtempSync(join(tmpdir(), 'wavegate-bench-'))
const db = openSqlite(join(folder, 'b.db'))
const clock = wallClock()
await migrate(db, clock.now())
const store = createStore(db)
const at = clock.now()
for (let from = 0; from < people; from += 5_000)
  await store.tx(async (writer) => {
    const ids = Array.from({ length: Math.min(5_000, people - from) }, (_, place) => from + place)
    await writer.saveAccounts(
      ids.map((n) => ({
        id: `id-${n}`,
        account: {
          at,
          upn: `person.${n}@contoso.com`,
          displayName: `Person ${n}`,
          accountEnabled: n % 50 !== 0,
          userType: n % 20 === 0 ? ('Guest' as const) : ('Member' as const),
          department: `Department ${n % 40}`,
          mobilePhone: '+49 151 1234567',
          licence: 'P1' as const,
        },
      })),
    )
    await writer.saveFacts(
      'registration',
      ids.map(
        (n) =>
          [
            `id-${n}`,
            { at, isAdmin: false, isMfaCapable: n % 4 !== 2, methods: METHODS[n % 4] ?? [] },
          ] as const,
      ),
    )
    await writer.saveFacts(
      'activity',
      ids.map((n) => [`id-${n}`, { at, lastSignInAt: at - (n % 35) * DAY }] as const),
    )
  })
await store.tx(async (writer) => {
  await writer.saveForOthers('roles', { at, held: [] }, at + 1)
  await writer.saveForOthers('legacy', { at, from: at - 30 * DAY, to: at, clients: [] }, at + 1)
})
const world = { clock, store, declared: DECLARED_TIMES, dates: MICROSOFT_DATES } as World
const seconds: number[] = []
let verdicts = {}
for (let n = 0; n < times; n++) {
  const began = performance.now()
  const summary = await summarize(world, settingsOf(world, USUAL))
  seconds.push((performance.now() - began) / 1000)
  if (summary.people !== people) throw new Error(`${summary.people} people`)
  verdicts = summary.verdicts
}
seconds.sort((a, b) => a - b)
printTable(
  ['people', 'times', 'median, s', 'longest, s'],
  [[people, times, (seconds[times >> 1] ?? 0).toFixed(2), (seconds.at(-1) ?? 0).toFixed(2)]],
)
console.log(JSON.stringify(verdicts))
await store.close()
rmSync(folder, { recursive: true })
