import type { KindsOfPreparation } from '../../src/engine/preparations.ts'
import { groupMembership } from '../../src/methods/group-membership.ts'
import type { NotWanted } from '../../src/prepare/preparation.ts'
import type { Rig } from './rig.ts'

export const LIST = 'Prepared people'

/** A real preparation: people are put on a list, the members of a second group; who is in `needs` has to be looked at. */
export function listOfPrepared(
  rig: () => Rig,
  needs: () => readonly string[] = () => [],
): KindsOfPreparation {
  return {
    people: [
      ({ directory }) => ({
        step: 'phones',
        async resolve(ids) {
          const others = new Map<string, NotWanted>(
            ids.flatMap((id) =>
              needs().includes(id) ? [[id, { outcome: 'needs', reason: 'two lists name this person' }]] : [],
            ),
          )
          const wanted = ids.filter((id) => !others.has(id)).map((id) => [id, { member: true }] as const)
          return { wanted: new Map(wanted), others }
        },
        change: () => ({
          ...groupMembership(directory, rig().tenant.world.group(LIST).id),
          effect: 'listed',
          says: 'on the list',
        }),
      }),
    ],
    beforeWave: [],
  }
}

export interface Listing {
  at: number
  person: string
  listed: boolean
}

/** Everybody whom we put on the list or took off it, in order. */
export function listings({ tenant }: Rig): Listing[] {
  const prefix = `groups/${tenant.world.group(LIST).id}/members/`
  return tenant.world.journal.entries
    .filter((entry) => entry.target.startsWith(prefix) && entry.actor === 'app')
    .map((entry) => ({
      at: Date.parse(entry.at),
      person: entry.target.slice(prefix.length),
      listed: (entry.after as { member: boolean }).member,
    }))
}

export function listed({ tenant }: Rig): string[] {
  return tenant.world.members(LIST).toSorted()
}
