import { accessReader, accessWriter } from './access.ts'
import { accessPassReader, accessPassWriter } from './access-passes.ts'
import { adoptionReader, adoptionWriter } from './adoption.ts'
import { campaignReader, campaignWriter } from './campaign.ts'
import { crossingReader } from './crossing.ts'
import { deferralReader, deferralWriter } from './deferrals.ts'
import { driftReader, driftWriter } from './drift.ts'
import { eventReader, eventWriter, type StoredEvent } from './events.ts'
import { evidenceReader, evidenceWriter } from './evidence.ts'
import { factsReader, factsWriter } from './facts.ts'
import { fileReader, fileWriter } from './files.ts'
import { gatheringReader, gatheringWriter } from './gathering.ts'
import { graduationReader, graduationWriter } from './graduation.ts'
import { hardwareTokenReader, hardwareTokenWriter } from './hardware-tokens.ts'
import { ledgerReader, ledgerWriter } from './ledger.ts'
import { memberReader, memberWriter } from './members.ts'
import { moveReader } from './moved.ts'
import { moveWriter } from './moves.ts'
import { noticeReader, noticeWriter } from './notices.ts'
import { lookReader, lookWriter } from './per-user-look.ts'
import { preparationReader, preparationWriter } from './preparation.ts'
import { questionReader, questionWriter } from './questions.ts'
import { revisionReader, revisionWriter } from './revisions.ts'
import { rolloutReader, rolloutWriter } from './rollouts.ts'
import { revocationReader, revocationWriter } from './session-revocations.ts'
import type { Db, Tx } from './tables.ts'
import { taskReader, taskWriter } from './tasks.ts'

export function reader(db: Db) {
  return {
    ...rolloutReader(db),
    ...memberReader(db),
    ...deferralReader(db),
    ...moveReader(db),
    ...crossingReader(db),
    ...ledgerReader(db),
    ...eventReader(db),
    ...taskReader(db),
    ...evidenceReader(db),
    ...accessReader(db),
    ...accessPassReader(db),
    ...revocationReader(db),
    ...adoptionReader(db),
    ...graduationReader(db),
    ...preparationReader(db),
    ...campaignReader(db),
    ...fileReader(db),
    ...revisionReader(db),
    ...driftReader(db),
    ...lookReader(db),
    ...noticeReader(db),
    ...factsReader(db),
    ...gatheringReader(db),
    ...hardwareTokenReader(db),
    ...questionReader(db),
  }
}
export type Reader = ReturnType<typeof reader>

function writer(tx: Tx, appended: StoredEvent[], onDue: () => void) {
  return {
    ...reader(tx),
    ...rolloutWriter(tx),
    ...memberWriter(tx),
    ...deferralWriter(tx),
    ...moveWriter(tx),
    ...ledgerWriter(tx),
    ...eventWriter(tx, appended),
    ...taskWriter(tx, onDue),
    ...evidenceWriter(tx),
    ...accessWriter(tx),
    ...accessPassWriter(tx),
    ...revocationWriter(tx),
    ...adoptionWriter(tx),
    ...graduationWriter(tx),
    ...preparationWriter(tx),
    ...campaignWriter(tx),
    ...fileWriter(tx),
    ...revisionWriter(tx),
    ...driftWriter(tx),
    ...lookWriter(tx),
    ...noticeWriter(tx),
    ...factsWriter(tx),
    ...gatheringWriter(tx),
    ...hardwareTokenWriter(tx),
    ...questionWriter(tx),
  }
}
/** Writing exists only inside a transaction. */
export type Writer = ReturnType<typeof writer>

export interface Store {
  read: Reader
  /**
   * Everything in `work` or nothing. Inside it, read and write through its argument alone: the file has one
   * connection, and `read` would wait for this very transaction.
   */
  tx<T>(work: (writer: Writer) => Promise<T>): Promise<T>
  /** Called after each commit, with the events it appended, in order. */
  onCommit(listener: (events: readonly StoredEvent[]) => void): () => void
  /** Called after each commit that changed what waits to be done, or when. */
  onWork(listener: () => void): () => void
  close(): Promise<void>
}

export function createStore(db: Db): Store {
  const listeners = new Set<(events: readonly StoredEvent[]) => void>()
  const workers = new Set<() => void>()
  return {
    read: reader(db),
    async tx(work) {
      const appended: StoredEvent[] = []
      let isWork = false
      const onDue = () => {
        isWork = true
      }
      const result = await db.transaction().execute((tx) => work(writer(tx, appended, onDue)))
      for (const listener of listeners) listener(appended)
      if (isWork) for (const worker of workers) worker()
      return result
    },
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onWork(listener) {
      workers.add(listener)
      return () => workers.delete(listener)
    },
    close: () => db.destroy(),
  }
}
