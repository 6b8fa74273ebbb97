import type { SignIn } from '../gates/sign-in.ts'
import type { Reader, Writer } from '../store/store.ts'

const OBJECT = 'formerPolicies'

/** The policy was made anew: what the log says of the one before stays said of ours. */
export async function noteFormerPolicy(
  writer: Writer,
  rolloutId: string,
  former: string,
  at: number,
): Promise<void> {
  await writer.recordObject(rolloutId, OBJECT, { ids: [...(await formerIds(writer, rolloutId)), former] }, at)
}

/** Rows of a policy of ours that was deleted read as rows of the one that took its place. */
export async function asPresentPolicy(
  read: Reader,
  rolloutId: string,
  present: string,
): Promise<(row: SignIn) => SignIn> {
  const former = new Set(await formerIds(read, rolloutId))
  if (former.size === 0) return (row) => row
  return (row) => ({
    ...row,
    appliedConditionalAccessPolicies: row.appliedConditionalAccessPolicies.map((one) =>
      former.has(one.id.toLowerCase()) ? { ...one, id: present } : one,
    ),
  })
}

async function formerIds(read: Reader, rolloutId: string): Promise<string[]> {
  const kept = (await read.recorded(rolloutId, OBJECT)) as { ids: string[] } | undefined
  return kept?.ids ?? []
}
