import type { Ask } from '../graph/directory/ask.ts'
import type { FactsOf } from '../people/facts.ts'
import type { World } from './world.ts'

const PARTY = 100

/**
 * Facts that only a call per person gives, for the people of one wave: the per-user MFA state. A person whose reading
 * fails keeps what was known before, and the failure beside it. Answers with how many were read.
 */
export async function gatherMembers(world: World, ids: readonly string[], ask: Ask): Promise<number> {
  let read = 0
  for (let start = 0; start < ids.length; start += PARTY) {
    const party = ids.slice(start, start + PARTY)
    const states = await world.directory.readPerUserMfa(party, ask)
    const at = world.clock.now()
    await world.store.tx(async (writer) => {
      const known: [string, FactsOf<'perUserMfa'>][] = []
      for (const [id, reading] of states) {
        if ('state' in reading) known.push([id, { at, state: reading.state }])
        const failed = 'failure' in reading ? { failedAt: at, why: reading.failure.message } : null
        await writer.noteFailedFacts(id, 'perUserMfa', failed)
      }
      await writer.saveFacts('perUserMfa', known)
      read += known.length
    })
  }
  return read
}
