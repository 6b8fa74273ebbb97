import type { PreviewedKnown } from '../engine/preview-people.ts'
import type { World } from '../engine/world.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { groupPart } from './preview-part.ts'
import type { PreviewedStep } from './preview-phones.ts'

/** Who is given a hardware token by the vendor's list, whose row a person has to look at, and what an undo cannot take back. */
export async function previewTokens(
  world: World,
  { prepare }: CompiledPlan,
  people: readonly PreviewedKnown[],
  names: number,
): Promise<PreviewedStep | undefined> {
  const tokens = prepare?.tokens
  if (!tokens) return undefined
  const { read } = world.store
  const unclear = new Set(((await read.tokenFile(tokens.digest))?.findings ?? []).map(({ upn }) => upn))
  const given = new Set((await read.tokensOf(tokens.digest)).map(({ upn }) => upn))
  const isIn = (upns: ReadonlySet<string>, { person }: PreviewedKnown) =>
    upns.has(person.upn.toLowerCase()) || upns.has(person.id.toLowerCase())
  const members = people.filter(({ wave }) => wave !== null)
  const look = members.filter((one) => isIn(unclear, one))
  const get = members.filter((one) => !isIn(unclear, one) && isIn(given, one))
  const groups = [
    groupPart(
      get.filter(({ verdict }) => verdict.is === 'needsNumber' || verdict.is === 'readyUntil'),
      'get a token, and have nothing that outlives text messages',
      names,
    ),
    groupPart(
      get.filter(({ verdict }) => verdict.is !== 'needsNumber' && verdict.is !== 'readyUntil'),
      'get a token beside what they have',
      names,
    ),
    groupPart(look, 'stand in the list in a way that needs somebody to look', names),
  ]
  return {
    writes: new Set(get.map(({ person }) => person.id)),
    view: {
      step: 'tokens',
      says: `Each member whom ${tokens.csv} names is given their hardware token, active before it is handed over; its secret is wiped then, so that a token taken back stays in the tenant’s inventory and is active again only by another list. The others get none.`,
      groups: groups.filter((one) => one.people > 0),
    },
  }
}
