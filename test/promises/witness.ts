import Sqlite from 'better-sqlite3'
import type { Rig } from '../engine/rig.ts'
import type { Case, Entry, Records } from './case.ts'
import { peopleIn, type Snapshot, snapshotOf } from './snapshot.ts'

export interface Witness {
  /** Ends wavegate, and puts together what the tenant and the database say. */
  testify(): Promise<Case>
}

export interface Protects {
  emergencyAccounts: readonly string[]
  groups: readonly string[]
}

/** Looks at the tenant before wavegate does. */
export function witness(rig: Rig, protects: Protects): Witness {
  const before = snapshotOf(rig.tenant)
  const from = rig.tenant.world.journal.entries.length
  const untouchable = untouchableIn(rig, before, protects)
  return {
    async testify() {
      await rig.stop()
      const answer = await fetch(`${rig.tenant.graph}/_tenant/journal?after=${from}`)
      const { changes: journal } = (await answer.json()) as { changes: Entry[] }
      return {
        before,
        after: snapshotOf(rig.tenant),
        journal,
        records: recordsOf(rig.config.db),
        untouchable,
      }
    },
  }
}

function untouchableIn(rig: Rig, { groups }: Snapshot, protects: Protects): Map<string, string> {
  const { world } = rig.tenant
  const found = new Map<string, string>()
  for (const person of world.people) {
    if (person.kind === 'guest') found.set(person.id, 'a guest')
    if (person.roles.length > 0) found.set(person.id, 'an administrator')
  }
  for (const name of protects.groups) {
    for (const id of peopleIn(groups, world.group(name).id)) found.set(id, `in the protected group ${name}`)
  }
  for (const name of protects.emergencyAccounts) found.set(world.person(name).id, 'an emergency account')
  return found
}

function recordsOf(file: string): Records {
  const db = new Sqlite(file, { readonly: true })
  const all = (table: string, order = 'rowid') =>
    db.prepare(`select * from "${table}" order by ${order}`).all() as never[]
  const records: Records = {
    rollouts: all('rollout'),
    waves: all('wave'),
    members: all('member'),
    images: all('before_image'),
    attempts: all('attempt'),
    tenantImages: all('tenant_image'),
    events: all('event', 'seq'),
    preparations: all('preparation'),
    notices: all('notice'),
    campaigns: all('campaign'),
  }
  db.close()
  return records
}
