import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/**
 * Who serves a database, and by which local socket the CLI reaches them. The lock itself is SQLite's own exclusive one,
 * which ends with the process; this file beside it only says whom to talk to.
 */
export const LockNote = z.object({ pid: z.number().int(), socket: z.string() })
export type LockNote = z.infer<typeof LockNote>

export function lockFile(db: string): string {
  return `${db}.lock`
}

/** Short, since a socket's path may have about a hundred characters. */
export function socketPath(db: string): string {
  const name = createHash('sha256').update(resolve(db)).digest('hex').slice(0, 16)
  return join(tmpdir(), `wavegate-${userInfo().uid}-${name}.sock`)
}

export function writeLockNote(db: string, note: LockNote): void {
  writeFileSync(lockFile(db), JSON.stringify(note), { mode: 0o600 })
}

export function readLockNote(db: string): LockNote | undefined {
  try {
    return LockNote.parse(JSON.parse(readFileSync(lockFile(db), 'utf8')))
  } catch {
    return undefined
  }
}

export function removeLockNote(db: string): void {
  rmSync(lockFile(db), { force: true })
  rmSync(socketPath(db), { force: true })
}
