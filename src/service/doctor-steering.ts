import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import { isFailure } from '../graph/errors.ts'
import { secondFactors } from '../people/second-factor.ts'
import { amiss, type DoctorFinding, looked, ok } from './doctor-finding.ts'

/** So many are looked at, two calls each. */
const MOST_PEOPLE = 12

/** Whoever has a token that can do more than look is in the tenant, and gets in after the change. */
export async function steeringFindings(world: World, ask: Ask): Promise<DoctorFinding[]> {
  const tokens = (await world.store.read.tokens()).filter(
    ({ revokedAt, role }) => revokedAt === null && role !== 'viewer',
  )
  const people = [...new Set(tokens.map((one) => one.person))].toSorted().slice(0, MOST_PEOPLE)
  const found = []
  for (const person of people) {
    const check = `steers ${person}`
    found.push(...(await looked(check, () => steering(world, check, person, ask))))
  }
  return found
}

async function steering(
  { directory }: World,
  check: string,
  person: string,
  ask: Ask,
): Promise<DoctorFinding> {
  try {
    const { id } = await directory.readUser(person, ask)
    const factors = secondFactors(await directory.listMethodKinds(id, ask))
    if (factors.length > 0) return ok(check, `Has a second factor: ${factors.join(', ')}.`)
    const says = 'Has no second factor: the batch they are in will hold (operatorNotReady).'
    return amiss(check, 'warning', says, 'They register one before their wave.')
  } catch (error) {
    if (!isFailure(error, 'notFound')) throw error
    const says = 'Is nobody in this tenant: whether the change keeps them out is not looked at.'
    return amiss(check, 'warning', says, 'Make tokens out to user principal names (token create --for).')
  }
}
