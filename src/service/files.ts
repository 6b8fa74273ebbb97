import { createHash, randomUUID } from 'node:crypto'
import { readPeople } from '../engine/population.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { matchRows, type RowMatch } from '../people/csv-matches.ts'
import { readPeopleFile } from '../people/csv-people.ts'
import { exclusionOf, sayExclusion } from '../people/exclusion.ts'
import { registerOf } from '../people/population.ts'
import type { Caller } from './contract.ts'
import { graphFault } from './graph-fault.ts'
import { requireRole } from './permit.ts'
import { type FileRowsPage, type FileRowView, type FileView, time } from './views.ts'

/** The largest file taken, bytes. */
export const LARGEST_FILE = 100_000_000

const PART = 4_000_000

/** One upload as it comes in; `name` is only told again. */
export interface Upload {
  bytes: AsyncIterable<Uint8Array>
  name?: string | undefined
}

/** Uploads that this process has under way; the parts of any other are what a process before it left behind. */
const cleaned = new WeakSet<World>()

/**
 * Keeps the bytes of a file under their digest. The same bytes again are the same file.
 * @throws fileTooLarge
 */
export async function uploadFile(
  world: World,
  caller: Caller,
  { bytes, name = undefined }: Upload,
): Promise<{ created: boolean; file: FileView }> {
  requireRole(caller, ['changeManager'], 'uploading a file')
  const { store, clock } = world
  if (!cleaned.has(world)) {
    cleaned.add(world)
    await store.tx((writer) => writer.dropBrokenUploads())
  }
  const upload = randomUUID()
  try {
    const { digest, size } = await keepParts(world, upload, bytes)
    const file = {
      digest,
      size,
      name: name ?? null,
      uploadedBy: caller.person,
      uploadedAt: clock.now(),
    }
    const created = await store.tx(async (writer) => {
      if (!(await writer.addFile(upload, file))) return false
      const place = { at: file.uploadedAt, rolloutId: null, actor: caller.person }
      await writer.append({ ...place, type: 'file.uploaded', data: { digest, size, name: file.name } })
      return true
    })
    return { created, file: await fileView(world, digest) }
  } catch (error) {
    await store.tx((writer) => writer.dropUpload(upload))
    throw error
  }
}

async function keepParts(
  world: World,
  upload: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ digest: string; size: number }> {
  const sum = createHash('sha256')
  let size = 0
  let position = 0
  let open: Uint8Array[] = []
  let openSize = 0
  const keep = async () => {
    if (openSize === 0) return
    const part = Buffer.concat(open)
    await world.store.tx((writer) => writer.addFilePart(upload, position, part))
    position += 1
    open = []
    openSize = 0
  }
  for await (const piece of bytes) {
    size += piece.length
    if (size > LARGEST_FILE) throw fault('fileTooLarge', { limit: LARGEST_FILE })
    sum.update(piece)
    open.push(piece)
    openSize += piece.length
    if (openSize >= PART) await keep()
  }
  await keep()
  return { digest: `sha256:${sum.digest('hex')}`, size }
}

/** @throws fileNotFound */
export async function fileView(world: World, digest: string): Promise<FileView> {
  const file = await world.store.read.file(digest)
  if (!file) throw fault('fileNotFound', { digest })
  const { size, name, uploadedBy, uploadedAt } = file
  return { digest, size, name, uploadedBy, uploadedAt: time(uploadedAt) }
}

export interface RowsWanted {
  cursor?: string | undefined
  limit: number
}

/** What each row of a file became, page by page, against the directory as it is now. */
export async function fileRows(
  world: World,
  caller: Caller,
  digest: string,
  { cursor, limit }: RowsWanted,
  signal: AbortSignal,
): Promise<FileRowsPage> {
  requireRole(caller, ['changeManager', 'approver'], 'reading a file')
  const bytes = await world.store.read.fileBytes(digest)
  if (bytes === undefined) throw fault('fileNotFound', { digest })
  const from = cursor === undefined ? 0 : Number(cursor)
  if (!Number.isSafeInteger(from) || from < 0)
    throw fault('requestInvalid', { detail: 'cursor is not one that this list gave out' })
  const file = readPeopleFile(bytes)
  const matches = matchRows(file, registerOf(await peopleNow(world, signal)))
  const rows = matches.map(rowView)
  const counts = { matched: 0, notInDirectory: 0, ambiguous: 0, twice: 0, refused: 0 }
  for (const { became } of rows) counts[became] += 1
  return {
    digest,
    encoding: file.encoding,
    unread: file.unread,
    problems: file.problems.map(({ code, line, message, hint, warns }) => {
      return { code, line, message, hint, severity: warns ? ('warning' as const) : ('error' as const) }
    }),
    counts,
    rows: rows.slice(from, from + limit),
    next: from + limit < rows.length ? String(from + limit) : null,
  }
}

async function peopleNow(world: World, signal: AbortSignal) {
  try {
    return (await readPeople(world, false, { lane: 'scan', signal })).people
  } catch (error) {
    throw graphFault(error)
  }
}

const NOBODY: Record<Extract<RowMatch, { is: 'refused' }>['why'], string> = {
  disabled: 'the row says Disabled: lowering is only ever a restore',
  unclearState: 'the MFA status is neither Enabled nor Enforced',
  nobody: 'the row names nobody',
}

function rowView(match: RowMatch): FileRowView {
  const { line, cells } = match.row
  const row = { line, cells, person: null, why: null }
  switch (match.is) {
    case 'matched': {
      const { id: personId, upn, displayName } = match.person
      const person = { personId, upn, displayName }
      const excluded = exclusionOf(match.person, { emergency: new Set(), groups: new Set() })
      if (excluded === undefined) return { ...row, became: 'matched', person }
      return { ...row, became: 'refused', person, why: `this person ${sayExclusion(excluded)}` }
    }
    case 'notInDirectory':
      return { ...row, became: 'notInDirectory' }
    case 'ambiguous':
      return { ...row, became: 'ambiguous', why: 'its id and its sign-in name are two people' }
    case 'twice':
      return { ...row, became: 'twice', why: `the same person stands in line ${match.firstLine}` }
    case 'refused':
      return { ...row, became: 'refused', why: NOBODY[match.why] }
    default:
      return match satisfies never
  }
}
