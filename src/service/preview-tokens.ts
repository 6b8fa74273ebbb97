import type { PreviewedKnown } from '../engine/preview-people.ts'
import type { World } from '../engine/world.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { groupPart } from './preview-part.ts'
import type { PreviewedStep } from './preview-phones.ts'

/** Who is handed a token that works already, and what an undo cannot take back. */
export async function previewTokens(
  world: World,
  { prepare }: CompiledPlan,
  people: readonly PreviewedKnown[],
  names: number,
): Promise<PreviewedStep | undefined> {
  const tokens = prepare?.tokens
  if (!tokens) return undefined
  const rows = await world.store.read.tokensOf(tokens.digest)
  const named = new Set(rows.map(({ upn }) => upn.toLowerCase()))
  const members = people.filter(({ wave }) => wave !== null)
  const given = members.filter(
    ({ person }) => named.has(person.upn.toLowerCase()) || named.has(person.id.toLowerCase()),
  )
  return {
    writes: new Set(given.map(({ person }) => person.id)),
    view: {
      step: 'tokens',
      says: `Each member named in ${tokens.csv} gets their hardware token, active before it is handed over; its secret is wiped then, so that a token taken back stays in the tenant’s inventory and is active again only by another list.`,
      groups: [groupPart(given, 'have a token in the list', names)].filter((one) => one.people > 0),
    },
  }
}
