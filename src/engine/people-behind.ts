import type { Ask } from '../graph/directory/ask.ts'
import { isFailure } from '../graph/errors.ts'
import type { World } from './world.ts'

/** These themselves where they are people, and the members of those that are groups. @throws GraphFailure */
export async function peopleBehind(
  world: World,
  principals: readonly string[],
  ask: Ask,
): Promise<Set<string>> {
  const people = new Set((await world.directory.readUserStates(principals, ask)).map((user) => user.id))
  for (const id of principals.filter((one) => !people.has(one))) {
    for (const person of await membersIfGroup(world, id, ask)) people.add(person)
  }
  return people
}

/** Of an application, nobody. @throws GraphFailure */
export async function membersIfGroup(world: World, id: string, ask: Ask): Promise<string[]> {
  try {
    return await world.directory.listTransitiveUsers(id, ask)
  } catch (error) {
    if (isFailure(error, 'notFound')) return []
    throw error
  }
}
