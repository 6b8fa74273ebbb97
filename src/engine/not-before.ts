import type { Writer } from '../store/store.ts'

/** Nobody of these is changed before their own moment; said again, the newer one counts. */
export async function setNotBefore(
  writer: Writer,
  rolloutId: string,
  people: ReadonlyMap<string, number>,
): Promise<void> {
  const moments = Map.groupBy(people.keys(), (id) => people.get(id) as number)
  for (const [at, ids] of moments) await writer.setMembers(rolloutId, ids, { not_before: at })
}
