import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ENTRY = join(import.meta.dirname, '../../src/cli/wavegate.js')

/** A command that stays up, as a process of its own. */
export interface Running<Said> {
  /** What its first line of JSON says. */
  said: Said
  /** Resolves with the first line that passes, of those said and those to come. @throws when it ends before. */
  line(passes: (line: string) => boolean): Promise<string>
  /** kill -9: no handler runs, nothing is flushed. */
  kill(): Promise<void>
  /** It stands still, its sockets open: whoever calls it waits. */
  freeze(): void
  thaw(): void
  /** Asks it to end, as a supervisor does; answers with its exit code. */
  stop(): Promise<number | null>
}

const alive = new Set<ChildProcess>()

/** For afterEach: nobody outlives their test. */
export async function killAll(): Promise<void> {
  await Promise.all([...alive].map((child) => ended(child, 'SIGKILL')))
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const exit = once(child, 'exit') as Promise<[number | null]>
  child.kill(signal)
  return (await exit)[0]
}

/** Starts `wavegate …` and resolves with the first line it prints. @throws what it said when it ends before that */
export async function started<Said>(
  args: readonly string[],
  env: Record<string, string>,
): Promise<Running<Said>> {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const lines: string[] = []
  const news = new EventEmitter()
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    news.emit('line')
  })
  const closed = new Promise<never>((_, reject) => {
    child.once('close', (code) =>
      reject(new Error(`wavegate ${args[0]} ended with ${code} before it said that: ${complaints}`)),
    )
  })
  closed.catch(() => {})
  async function line(passes: (line: string) => boolean): Promise<string> {
    for (;;) {
      const found = lines.find(passes)
      if (found !== undefined) return found
      await Promise.race([once(news, 'line'), closed])
    }
  }
  const first = await line(() => true)
  return {
    said: JSON.parse(first) as Said,
    line,
    kill: async () => void (await ended(child, 'SIGKILL')),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop: () => ended(child, 'SIGTERM'),
  }
}
