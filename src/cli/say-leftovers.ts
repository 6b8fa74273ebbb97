import type { LeftoverView } from '../service.ts'

/** Everybody who is not under MFA by the rollout, by name, a paragraph a wave and reason. */
export function sayLeftovers(leftovers: readonly LeftoverView[]): string[] {
  if (leftovers.length === 0) return ['Nobody is left over.']
  const groups = Map.groupBy(leftovers, ({ wave, reason }) => `${wave ?? 'in no wave'}, ${reason}`)
  const many = leftovers.length === 1 ? '1 person is' : `${leftovers.length} people are`
  const lines = [`Left over: ${many} not under MFA by this rollout.`]
  for (const [group, people] of groups) {
    lines.push(`  ${group} (${people.length}): ${people.map(({ upn }) => upn).join(', ')}`)
  }
  return lines
}
