import { type Case, type Entry, exceptionsGroups, isByUs, nameOf, placeOf } from '../case.ts'

/** (b) Nobody protected was ever changed: emergency accounts, protected groups and groups within them, guests. */
export function touched(one: Case): string[] {
  const groups = [...exceptionsGroups(one.records)]
  const isException = ({ target }: Entry) => groups.some((id) => target.startsWith(`groups/${id}/`))
  return one.journal.filter(isByUs).flatMap((entry) =>
    entry.target
      .split('/')
      .filter((part) => one.untouchable.has(part) && !(isException(entry) && isAdministrator(one, part)))
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
