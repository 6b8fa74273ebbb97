import { type CompiledPlan, type CompiledWave, NO_LIMITS } from './compiled-plan.ts'

/** What the plan says of the wave at a position; behind its own waves come the rounds of the catch-up. */
export function plannedWave(plan: CompiledPlan, position: number): CompiledWave | undefined {
  const own = plan.waves[position]
  if (own || !plan.catchUp) return own
  const { pace, gates } = plan.catchUp
  const name = roundName(plan, position)
  // Who is in a round is not for the plan to say: whoever is left over when it begins.
  return {
    name,
    index: position,
    testUsers: false,
    members: { kind: 'rest' },
    limits: NO_LIMITS,
    pace,
    gates,
  }
}

export function isRound(plan: CompiledPlan, position: number): boolean {
  return position >= plan.waves.length
}

/** leftovers, leftovers-2, leftovers-3 ... */
export function roundName({ catchUp, waves }: CompiledPlan, position: number): string {
  const round = position - waves.length + 1
  return `${catchUp?.name ?? 'round'}${round === 1 ? '' : `-${round}`}`
}
