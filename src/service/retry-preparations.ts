import type { Member } from '../store/members.ts'
import type { Reader, Writer } from '../store/store.ts'

/** Of these, whose preparation failed or is unknown, in waves that still prepare: a wave that has gone on does not come back to it. */
export async function notPrepared(read: Reader, people: readonly Member[]): Promise<Member[]> {
  const found: Member[] = []
  for (const [waveId, own] of Map.groupBy(people, (member) => member.waveId)) {
    if ((await read.wave(waveId))?.state !== 'preparing') continue
    const rows = await read.preparations(
      own[0]?.rolloutId ?? '',
      own.map((member) => member.personId),
    )
    const missed = new Set(
      rows
        .filter((row) => row.waveId === waveId && (row.outcome === 'failed' || row.outcome === 'unknown'))
        .map((row) => row.personId),
    )
    found.push(...own.filter((member) => member.deferred === null && missed.has(member.personId)))
  }
  return found
}

/** What failed is wanted again; what is unknown is read first, as it always is. */
export async function prepareAgain(writer: Writer, people: readonly Member[], at: number): Promise<void> {
  for (const [rolloutId, own] of Map.groupBy(people, (member) => member.rolloutId)) {
    const ids = own.map((member) => member.personId)
    await writer.prepareAgain(rolloutId, ids, at)
  }
}
