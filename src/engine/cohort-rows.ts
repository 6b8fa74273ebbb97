import { createHash } from 'node:crypto'
import type { Person } from '../people/person.ts'
import type { Reader } from '../store/store.ts'
import type { WaveJob } from './job.ts'

/** What an approval is bound to, beside the plan. */
export function cohortHash(ids: readonly string[]): string {
  return createHash('sha256').update(ids.join('\n')).digest('hex')
}

export function memberOf(job: WaveJob, { id: personId, upn, displayName }: Person, position: number) {
  return { rolloutId: job.rollout.id, waveId: job.wave.id, personId, upn, displayName, position }
}

/** Who is in each wave whose cohort stands, by the name of the wave. */
export async function frozenCohorts(read: Reader, rolloutId: string): Promise<Record<string, string[]>> {
  const frozen: Record<string, string[]> = {}
  for (const wave of await read.wavesOf(rolloutId)) {
    if (wave.frozenAt === null) continue
    frozen[wave.name] = (await read.membersOf(wave.id)).map((member) => member.personId)
  }
  return frozen
}
