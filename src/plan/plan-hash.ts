import { hash } from 'node:crypto'
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

/** What an approval is bound to. Comments, order of keys and spelled-out defaults do not change it. */
export function planHash(plan: Plan): string {
  return hash('sha256', canonicalJson(plan))
}
