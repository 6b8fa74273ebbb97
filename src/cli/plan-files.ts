import { createHash } from 'node:crypto'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { fault } from '../errors.ts'
import { filesNamedBy, hasSecrets } from '../plan/files.ts'
import { readPlanText } from '../plan/load.ts'
import type { FileView, TokenListView } from '../service.ts'
import { ask, path, withQuery } from './client.ts'
import type { Connection } from './connection/connection.ts'
import { readPlan } from './read-plan.ts'

/** A file that a plan names, as it lies beside the plan. */
export interface PlanFile {
  name: string
  digest: string
  bytes: Uint8Array
  /** A list of tokens, which goes by a door of its own. */
  hasSecrets: boolean
}

/** As much as the server takes. */
const LARGEST = 100_000_000

/**
 * The files that a plan names, from its folder. A text that is no plan names none; the check of the plan says why.
 * @throws fileUnreadable, also for a file outside that folder: a plan somebody sent must not fetch what it likes
 */
export function readPlanFiles(planFile: string, text: string): PlanFile[] {
  const plan = readPlanText(text)
  if (plan === undefined) return []
  const folder = planFile === '-' ? process.cwd() : dirname(resolve(planFile))
  const names = new Set(filesNamedBy(plan).map(({ name }) => name))
  return [...names].map((name) => {
    const bytes = readBeside(folder, name)
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    return { name, bytes, digest, hasSecrets: hasSecrets(plan, name) }
  })
}

/** By name, as the API takes them. */
export function digestsOf(files: readonly PlanFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ name, digest }) => [name, digest]))
}

/** A plan as the API takes it where the files it names need not be there. @throws fileUnreadable */
export function givenPlan(planFile: string): { plan: string; files: Record<string, string> } {
  const plan = readPlan(planFile)
  return { plan, files: digestsOf(readPlanFiles(planFile, plan)) }
}

/** Uploads what the server may not have; what it has already stays as it is. */
export async function uploadFiles(connection: Connection, files: readonly PlanFile[]): Promise<void> {
  for (const { name, bytes, hasSecrets: isSecret } of files) {
    const address = withQuery(isSecret ? path`/hardware-tokens` : path`/files`, { name })
    await ask<FileView | TokenListView>(connection, { method: 'POST', path: address, body: bytes })
  }
}

function readBeside(folder: string, name: string): Uint8Array {
  try {
    const file = realpathSync(resolve(folder, name))
    const way = relative(realpathSync(folder), file)
    if (isAbsolute(way) || way.split(sep)[0] === '..')
      throw fault('fileUnreadable', { file: name, detail: 'it lies outside the folder of the plan' })
    if (statSync(file).size > LARGEST) throw fault('fileTooLarge', { limit: LARGEST })
    return readFileSync(file)
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    throw fault('fileUnreadable', { file: name, detail: error.message }, error)
  }
}

/** A file that somebody named on the command line. @throws fileUnreadable, fileTooLarge */
export function readUpload(name: string): Uint8Array {
  try {
    if (statSync(name).size > LARGEST) throw fault('fileTooLarge', { limit: LARGEST })
    return readFileSync(name)
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    throw fault('fileUnreadable', { file: name, detail: error.message }, error)
  }
}
