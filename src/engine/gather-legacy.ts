import type { Ask } from '../graph/directory/ask.ts'
import type { LegacySignIn } from '../graph/directory/facts.ts'
import type { FactsOf } from '../people/facts.ts'
import type { SourceSteps } from './gather-source.ts'
import { scaleOf } from './scale.ts'
import type { World } from './world.ts'

type Legacy = FactsOf<'legacy'>

interface Place {
  client: number
  link: string | null
  from: number
  to: number
}

/** How the log keeps 30 days. */
const WINDOW = 30 * 86_400_000
const MOST_ADDRESSES = 20

/**
 * Programs that know no second factor, as the log names them; Microsoft’s pages use two sets of names. Each is asked
 * for by itself, since the log can be filtered by equality alone: a call for most, and no reading of all sign-ins.
 */
export const LEGACY_CLIENTS = [
  'Exchange ActiveSync',
  'Authenticated SMTP',
  'SMTP',
  'IMAP4',
  'IMAP',
  'POP3',
  'POP',
  'MAPI Over HTTP',
  'MAPI',
  'Exchange Web Services',
  'Exchange Online PowerShell',
  'Outlook Anywhere (RPC over HTTP)',
  'Offline Address Book',
  'Autodiscover',
  'Reporting Web Services',
  'Other clients',
] as const

export function isOldProgram(client: string | null): boolean {
  return client !== null && (LEGACY_CLIENTS as readonly string[]).includes(client)
}

/** Who gets in by an old program in 30 days. A try that failed is nobody's habit: passwords are sprayed by these. */
export function legacySteps(world: World): SourceSteps {
  return {
    source: 'legacy',
    async read(next, { begunAt }, ask) {
      const start = (next as Place | null) ?? firstPlace(world, begunAt)
      const { page, client, following, calls } = await nextWithRows(world, start, ask)
      const { from, to } = start
      const at = world.clock.now()
      const found = Map.groupBy(successesOf(page.items), (row) => row.userId)
      return {
        rows: page.items.length,
        calls,
        next: following,
        async save(writer) {
          const known = await writer.factsAmong([...found.keys()])
          const merged = [...found].map(([id, rows]) => {
            const before = known.get(id)?.legacy
            const clients = before !== undefined && before.at >= begunAt ? before.clients : []
            return [id, { at, from, to, clients: withRows(clients, client, rows) }] as const
          })
          await writer.saveFacts('legacy', merged)
          if (following === null) await writer.saveForOthers('legacy', { at, from, to, clients: [] }, begunAt)
        },
      }
    },
  }
}

/** Most programs are used by nobody: what is empty is passed over. */
async function nextWithRows(world: World, start: Place, ask: Ask) {
  let place = start
  for (let calls = 1; ; calls++) {
    const client = LEGACY_CLIENTS[place.client] as string
    const window = { client, from: place.from, to: place.to }
    const page = await world.directory.signInsByClient(window, place.link, ask)
    const following = after(place, page.next)
    if (page.items.length > 0 || following === null) return { page, client, following, calls }
    place = following
  }
}

function firstPlace(world: World, to: number): Place {
  return { client: 0, link: null, from: to - WINDOW * scaleOf(world), to }
}

function after(place: Place, link: string | null): Place | null {
  if (link !== null) return { ...place, link }
  const client = place.client + 1
  return client < LEGACY_CLIENTS.length ? { ...place, client, link: null } : null
}

/** A row may stand twice on a page. */
function successesOf(rows: readonly LegacySignIn[]): LegacySignIn[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return [...byId.values()].filter((row) => row.status.errorCode === 0)
}

function withRows(
  before: Legacy['clients'],
  client: string,
  rows: readonly LegacySignIn[],
): Legacy['clients'] {
  const own = before.find((one) => one.client === client)
  const addresses = new Set([...(own?.addresses ?? []), ...rows.flatMap(({ ipAddress: ip }) => ip ?? [])])
  const lastAt = Math.max(own?.lastAt ?? 0, ...rows.map((row) => Date.parse(row.createdDateTime)))
  const times = (own?.times ?? 0) + rows.length
  const now = { client, times, lastAt, addresses: [...addresses].slice(0, MOST_ADDRESSES) }
  return [...before.filter((one) => one.client !== client), now]
}
