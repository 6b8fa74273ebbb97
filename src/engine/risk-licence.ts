import type { Ask } from '../graph/directory/ask.ts'
import { type Finding, finding } from '../methods/policy-finding.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { World } from './world.ts'

/** Risk is what Identity Protection sees, with Entra ID P2. Few seats are advice: Microsoft counts them, and goes on. */
export async function riskLicence(
  world: World,
  plan: CompiledPlan,
  people: number,
  ask: Ask,
): Promise<{ missing: Finding[]; fewSeats: Finding[] }> {
  if (plan.enforce.when === 'always') return { missing: [], fewSeats: [] }
  const { p2, p2Seats } = await world.directory.readLicences(ask)
  const hint = 'Get Entra ID P2 for everybody the policy covers, or write when: always.'
  if (!p2) {
    const message =
      'The tenant has no Entra ID P2: without it no sign-in is known to be at risk, and nobody is asked.'
    return { missing: [finding('riskUnlicensed', message, hint)], fewSeats: [] }
  }
  if (p2Seats >= people) return { missing: [], fewSeats: [] }
  const message = `The tenant has ${p2Seats} seats of Entra ID P2 for ${people} people in the waves.`
  return { missing: [], fewSeats: [finding('riskUnlicensed', message, hint)] }
}
