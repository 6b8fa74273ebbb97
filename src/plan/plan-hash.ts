import { hash } from 'node:crypto'
import type { FileDigests } from './files.ts'
import type { Plan } from './schema.ts'

/** JSON with sorted keys and without absent ones: the same meaning gives the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`)
    return `{${entries.join(',')}}`
  }
  return JSON.stringify(value)
}

/** What an approval is bound to. Comments, order of keys and spelled-out defaults do not change it; a byte of a file does. */
export function planHash(plan: Plan, files: FileDigests = {}): string {
  const named = Object.keys(files).length === 0 ? plan : { plan, files }
  return hash('sha256', canonicalJson(named))
}
