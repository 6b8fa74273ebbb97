import { type Case, isByUs, nameOf, placeOf } from '../case.ts'

/** (b) Nobody protected was ever changed: emergency accounts, protected groups and groups within them, guests. */
export function touched(one: Case): string[] {
  return one.journal.filter(isByUs).flatMap((entry) =>
    entry.target
      .split('/')
      .filter((part) => one.untouchable.has(part))
      .map((id) => {
        const why = one.untouchable.get(id)
        return `We changed ${nameOf(one, id)} ${placeOf(entry)}, who is ${why}: ${entry.target}.`
      }),
  )
}
