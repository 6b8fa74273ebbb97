import { createHash, randomUUID } from 'node:crypto'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { beginsTokenList } from '../people/csv-tokens.ts'
import type { Caller } from './contract.ts'
import { requireRole } from './permit.ts'
import { type FileView, time } from './views.ts'

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
 * @throws fileTooLarge, fileHoldsSecrets
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
    if (position === 0 && beginsTokenList(part)) throw fault('fileHoldsSecrets')
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
