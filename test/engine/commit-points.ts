import type { Store, Writer } from '../../src/store/store.ts'

/** What one transaction wrote, by the writer's words: `recordImages`, `intend:apply`, `answer:accepted`. */
export type Commit = readonly string[]

export type Death = 'beforeCall' | 'afterCall'

export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded'
}

export interface WatchedStore {
  /** Called straight after each commit, before whoever committed hears of it. */
  onWritten(listener: (commit: Commit) => void): void
  /**
   * From now on nothing is read or written, as when the process is killed. `beforeCall`: nor does whoever just
   * committed go on; `afterCall`: they go on to their next look into the store, so that a call they send is made, and
   * its answer lost.
   */
  end(when: Death): void
}

/** Stands between the engine and its real store, to see commits and to end the process at one of them. */
export function watchCommits(store: Store): WatchedStore {
  const listeners: ((commit: Commit) => void)[] = []
  let ended: Death | undefined
  const dead = async () => {
    throw new ProcessEnded('the process was killed')
  }
  const { tx, read } = store
  store.tx = async (work) => {
    if (ended) return await dead()
    const wrote: string[] = []
    const result = await tx(async (writer) => {
      const done = await work(listening(writer, wrote))
      return ended ? await dead() : done
    })
    for (const listener of listeners) listener(wrote)
    return ended === 'beforeCall' ? await dead() : (result as Awaited<ReturnType<typeof work>>)
  }
  store.read = new Proxy(read, { get: (target, name) => (ended ? dead : Reflect.get(target, name)) })
  return {
    onWritten: (listener) => listeners.push(listener),
    end: (when) => {
      ended = when
    },
  }
}

const ANSWERED_BY_WORD: Record<string, number> = { intend: 1, answer: 2 }

function listening(writer: Writer, wrote: string[]): Writer {
  return new Proxy(writer, {
    get(target, name: string) {
      const method = Reflect.get(target, name) as (...values: unknown[]) => unknown
      return (...values: unknown[]) => {
        if (!(name in READS)) wrote.push(wordOf(name, values))
        return method.apply(target, values)
      }
    },
  })
}

const READS: Record<string, true> = { rollout: true, wave: true, wavesOf: true, wavesIn: true, hasTask: true }

function wordOf(name: string, values: unknown[]): string {
  const place = ANSWERED_BY_WORD[name]
  if (place !== undefined) return `${name}:${String(values[place])}`
  if (name === 'append') return `append:${(values[0] as { type: string }).type}`
  if (name === 'saveInstance') return `${String(values[0])}:${String(values[3])}`
  return name
}
