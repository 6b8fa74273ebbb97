import { type Case, type Entry, exceptionsGroups, isByUs, nameOf, placeOf } from '../case.ts'

/** (b) Nobody protected was ever changed: emergency accounts, protected groups and groups within them, guests. */
export function touched(one: Case): string[] {
  const groups = [...exceptionsGroups(one.records)]
  const isException = ({ target }: Entry) => groups.some((id) => target.startsWith(`groups/${id}/`))
  return one.journal.filter(isByUs).flatMap((entry) =>
    entry.target
      .split('/')
      .filter((part) => one.untouchable.has(part))
      .filter((part) => !(isAdministrator(one, part) && (isException(entry) || wasCaught(one, part))))
      .map((id) => {
        const why = one.untouchable.get(id)
        return `We changed ${nameOf(one, id)} ${placeOf(entry)}, who is ${why}: ${entry.target}.`
      }),
  )
}

/** In no wave; a policy that covers all users has to leave out the one who is not ready. */
function isAdministrator({ untouchable }: Case, id: string): boolean {
  return untouchable.get(id) === 'an administrator'
}

/** By name, as one of all users: stays under the narrowed policy by its group until a second person confirms. */
function wasCaught({ records }: Case, id: string): boolean {
  return records.images.some((row) => row.effect === 'coveredByPolicy' && row.person_id === id)
}
