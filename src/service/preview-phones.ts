import { readPhoneWishes } from '../engine/phone-entries.ts'
import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { PhoneWish } from '../people/phone-wishes.ts'
import { sayWarning } from '../people/phone-words.ts'
import { bySize, type Previewed } from '../people/preview-shares.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { groupPart } from './preview-part.ts'
import type { PreparingView } from './preview-view.ts'

/** What preparing will do to people before the switch, and to whom. */
export interface PreviewedStep {
  view: PreparingView
  /** Of whom something is written. */
  writes: ReadonlySet<string>
}

function warningsOf(wish: PhoneWish | undefined): string[] {
  return wish?.is === 'number' ? wish.warns.map(sayWarning) : []
}

/** Whose number is registered, and whose a person has to look at, with why. */
export async function previewPhones(
  world: World,
  plan: CompiledPlan,
  people: readonly Previewed[],
  names: number,
  ask: Ask,
): Promise<PreviewedStep | undefined> {
  const phones = plan.prepare?.phones
  if (!phones) return undefined
  const wishes = await readPhoneWishes(world, phones, ask)
  const members = people.filter(({ wave }) => wave !== null)
  const ready = members.filter(({ person }) => wishes.get(person.id)?.is === 'number')
  const writes = new Set(ready.map(({ person }) => person.id))
  const needy = ready.filter(({ verdict }) => verdict.is === 'needsNumber')
  const others = members.filter(({ person }) => !writes.has(person.id))
  const why = ({ person }: Previewed) => {
    const wish = wishes.get(person.id)
    return wish?.is === 'needs' ? wish.why : 'not in the list of people'
  }
  const warned = ready.flatMap((one) => warningsOf(wishes.get(one.person.id)).map((says) => ({ one, says })))
  const warnings = [...Map.groupBy(warned, ({ says }) => says)].toSorted(
    ([, a], [, b]) => b.length - a.length,
  )
  const part = (some: readonly Previewed[], says: string) => groupPart(some, says, names)
  const from = phones.from.kind === 'csv' ? phones.from.csv : 'the directory'
  const different =
    phones.onDifferent === 'keep' ? 'stays, and that is said' : 'gives way to it, and comes back with an undo'
  return {
    writes,
    view: {
      step: 'phones',
      says: `Each member’s ${phones.type} number from ${from} is registered, so that they can be asked by it; another number that is registered ${different}.`,
      groups: [
        part(needy, 'need a number and have one that can be registered'),
        part(
          ready.filter(({ verdict }) => verdict.is !== 'needsNumber'),
          'have a number that can be registered beside what they have',
        ),
        ...bySize(others, why).map(({ kind, people: some }) => part(some, `get none: ${kind}`)),
      ].filter((one) => one.people > 0),
      warnings: warnings.map(([says, some]) =>
        part(
          some.map(({ one }) => one),
          `have a number with a warning: ${says}`,
        ),
      ),
    },
  }
}
