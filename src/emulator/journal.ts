/** One change that somebody made to the tenant. */
export interface JournalEntry {
  seq: number
  at: string
  requestId: string
  method: string
  path: string
  /** `app`, `person`, or the name of another hand. */
  actor: string
  target: string
  before: unknown
  after: unknown
}

/** Who changes something, and by which request. */
export interface Hand {
  actor: string
  requestId: string
  method: string
  path: string
}

export interface Journal {
  entries: readonly JournalEntry[]
  add(at: number, hand: Hand, target: string, before: unknown, after: unknown): void
  after(seq: number): readonly JournalEntry[]
}

export function createJournal(): Journal {
  const entries: JournalEntry[] = []
  return {
    entries,
    add(at, hand, target, before, after) {
      const { requestId, method, path, actor } = hand
      const seq = entries.length + 1
      entries.push({
        seq,
        at: new Date(at).toISOString(),
        requestId,
        method,
        path,
        actor,
        target,
        before,
        after,
      })
    },
    after: (seq) => entries.slice(Math.max(0, seq)),
  }
}
