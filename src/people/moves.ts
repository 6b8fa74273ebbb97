import type { WaveAssignment } from './cohort.ts'

/** A person whose wave is another one in the second plan; null: in no wave. */
export type Move = { id: string; from: string | null; to: string | null }

/** Who moves between two assignments of the same people: first between waves, then in, then out; by id. */
export function movesBetween(before: WaveAssignment, after: WaveAssignment): Move[] {
  const from = waveOf(before)
  const to = waveOf(after)
  return [...new Set([...from.keys(), ...to.keys()])]
    .map((id): Move => ({ id, from: from.get(id) ?? null, to: to.get(id) ?? null }))
    .filter((move) => move.from !== move.to)
    .sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
}

function waveOf({ waves }: WaveAssignment): Map<string, string> {
  return new Map(waves.flatMap(({ wave, members }) => members.map((id): [string, string] => [id, wave])))
}

function rank({ from, to }: Move): number {
  if (from !== null && to !== null) return 0
  return from === null ? 1 : 2
}
