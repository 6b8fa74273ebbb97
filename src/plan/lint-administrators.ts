import { errorAt, type Finding } from './problem.ts'
import type { Plan } from './schema.ts'
import { administratorsDoor } from './schema-enforce.ts'

const OBJECT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Administrators have a policy of their own and one wave of their own, or neither. */
export function lintAdministrators(plan: Plan): Finding[] {
  const door = administratorsDoor(plan.enforce)
  const waves = plan.waves.flatMap((wave, index) => (wave.members === 'administrators' ? [index] : []))
  const [first, second] = waves
  const key = ['enforce', 'administrators']
  if (door === null) {
    if (first === undefined) return []
    const message = 'The wave takes administrators, and they have no policy of their own.'
    const hint = 'Add administrators: own-policy under enforce, or drop the wave.'
    return [errorAt(['waves', first, 'members'], 'administratorsUnclear', message, hint)]
  }
  const found: Finding[] = []
  if (first === undefined) {
    const message = 'Administrators get a policy of their own, and no wave takes them.'
    const hint = 'Add a wave with members: administrators; no other wave takes them.'
    found.push(errorAt(key, 'administratorsUnclear', message, hint))
  }
  if (second !== undefined) {
    const message = 'Two waves take administrators.'
    found.push(errorAt(['waves', second, 'members'], 'administratorsUnclear', message, 'Keep one of them.'))
  }
  return [...found, ...lintDoor(plan, door, key)]
}

function lintDoor(plan: Plan, door: { group: string; policy: string }, key: string[]): Finding[] {
  const { group = '', policy = '', administrators } = plan.enforce
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
  if (administrators === 'own-policy' && (OBJECT_ID.test(group) || OBJECT_ID.test(policy))) {
    const message =
      'Group or policy is given by its object id, so the administrators’ cannot be named after it.'
    const hint = 'Write administrators: { group: NAME, policy: NAME }.'
    return [errorAt(key, 'administratorsUnclear', message, hint)]
  }
  if (same(door.group, group) || same(door.policy, policy)) {
    const message = 'Administrators would have the group or policy of everybody else.'
    return [errorAt(key, 'administratorsUnclear', message, 'Name a second group and a second policy.')]
  }
  if (!plan.protect.groups.some((one) => same(one, door.group))) return []
  const message = `${door.group} is a protected group: nobody in it is ever touched.`
  return [errorAt(key, 'administratorsUnclear', message, 'Name another group for the administrators.')]
}
