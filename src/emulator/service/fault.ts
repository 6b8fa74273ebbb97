/** What happens to a request that a fault meets. */
export type FaultAction =
  | { kind: 'status'; status: number; code?: string; headers?: Record<string, string>; body?: unknown }
  /** The change is made; the answer says that something went wrong. */
  | { kind: 'statusAfter'; status: number; code?: string; headers?: Record<string, string> }
  /** The connection breaks before the change was made. */
  | { kind: 'resetBefore' }
  /** The connection breaks after the change was made, before the answer. */
  | { kind: 'resetAfter' }
  /** Something else happens while the request waits to be carried out. */
  | { kind: 'meanwhile'; run: () => Promise<unknown> }
  /** The answer takes longer, on the wall. */
  | { kind: 'delay'; ms: number }
  /** The change is made; the answer is 200 without a body. */
  | { kind: 'empty' }

export interface Fault {
  /** All methods unless one is named. */
  method?: string
  /** Source of a regular expression that path and query must match. */
  path?: string
  /** How many requests it meets; all unless a number is given. */
  times?: number
  /** How many matching requests pass unharmed first. */
  after?: number
  do: FaultAction
}

export interface FaultScript {
  add(fault: Fault): void
  clear(): void
  /** The fault that meets this request, counted as used. */
  meet(method: string, url: string): FaultAction | undefined
}

export function faultScript(
  first: readonly Fault[],
  /** Meets what nobody wrote a fault for. */
  otherwise: (url: string) => FaultAction | undefined = () => undefined,
): FaultScript {
  let entries = first.map(entryOf)
  return {
    add: (fault) => entries.push(entryOf(fault)),
    clear: () => {
      entries = []
    },
    meet(method, url) {
      for (const entry of entries) {
        if (entry.left <= 0) continue
        if (entry.fault.method && entry.fault.method.toUpperCase() !== method) continue
        if (entry.path && !entry.path.test(url)) continue
        if (entry.skip > 0) {
          entry.skip--
          continue
        }
        entry.left--
        return entry.fault.do
      }
      return otherwise(url)
    },
  }
}

function entryOf(fault: Fault) {
  return {
    fault,
    path: fault.path === undefined ? null : new RegExp(fault.path),
    left: fault.times ?? Number.POSITIVE_INFINITY,
    skip: fault.after ?? 0,
  }
}
