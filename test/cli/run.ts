import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const ENTRY = join(import.meta.dirname, '../../src/cli/wavegate.js')

export interface Ran {
  code: number | null
  out: string
  err: string
}

/** Runs the real command in a process of its own. */
export async function wavegate(
  env: Record<string, string>,
  args: readonly string[],
  input?: string,
): Promise<Ran> {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...env },
  })
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out, err }
}
