import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { FactsOf } from '../people/facts.ts'
import type { SourceSteps } from './gather-source.ts'
import { membersIfGroup } from './people-behind.ts'
import type { World } from './world.ts'

/** Who holds which directory role, themselves or by a group; of everybody else, that they hold none. Needs no licence. */
export function roleSteps(world: World): SourceSteps {
  return {
    source: 'roles',
    async read(_place, { begunAt }, ask) {
      const { held, calls } = await readHeld(world, ask)
      const at = world.clock.now()
      return {
        rows: held.size,
        calls,
        next: null,
        async save(writer) {
          const holders = [...held].map(([id, roles]): [string, FactsOf<'roles'>] => [
            id,
            { at, held: [...roles] },
          ])
          await writer.saveFacts('roles', holders)
          await writer.saveForOthers('roles', { at, held: [] }, begunAt)
        },
      }
    },
  }
}

async function readHeld(world: World, ask: Ask): Promise<{ held: Map<string, Set<string>>; calls: number }> {
  const byPrincipal = new Map<string, Set<string>>()
  let calls = 0
  let link: string | null = null
  do {
    const page = await world.directory.roleAssignmentsPage(link, ask)
    for (const { principalId, roleDefinitionId } of page.items)
      add(byPrincipal, principalId, [roleDefinitionId])
    link = page.next
    calls++
  } while (link !== null)
  const held = new Map<string, Set<string>>()
  const known = await world.store.read.factsAmong([...byPrincipal.keys()])
  for (const [principal, roles] of byPrincipal) {
    if (known.has(principal)) {
      add(held, principal, roles)
      continue
    }
    for (const id of await membersIfGroup(world, principal, ask)) add(held, id, roles)
    calls++
  }
  if (held.size > 0) return { held, calls }
  const message = 'the directory names nobody who holds a role: every tenant has an administrator'
  throw new GraphFailure({ kind: 'unreadable', message })
}

function add(map: Map<string, Set<string>>, id: string, roles: Iterable<string>): void {
  map.set(id, new Set([...(map.get(id) ?? []), ...roles]))
}
