import type { Db, Tables, Tx } from './tables.ts'

export interface StoredFile {
  digest: string
  size: number
  name: string | null
  uploadedBy: string
  uploadedAt: number
}

function toFile(row: Tables['file']): StoredFile {
  const { digest, size, name, uploaded_by: uploadedBy, uploaded_at: uploadedAt } = row
  return { digest, size, name, uploadedBy, uploadedAt }
}

export function fileReader(db: Db) {
  return {
    async file(digest: string): Promise<StoredFile | undefined> {
      const row = await db.selectFrom('file').selectAll().where('digest', '=', digest).executeTakeFirst()
      return row && toFile(row)
    },
    /** The bytes of a file, part by part; nothing where there is none. */
    async *fileParts(digest: string): AsyncGenerator<Uint8Array, void, undefined> {
      const row = await db.selectFrom('file').select('upload').where('digest', '=', digest).executeTakeFirst()
      for (let position = 0; row !== undefined; position += 1) {
        const part = await db
          .selectFrom('file_part')
          .select('bytes')
          .where('upload', '=', row.upload)
          .where('position', '=', position)
          .executeTakeFirst()
        if (part === undefined) return
        yield part.bytes
      }
    },
    /** The bytes of a file; undefined: there is none. */
    async fileBytes(digest: string): Promise<Uint8Array | undefined> {
      const row = await db.selectFrom('file').select('upload').where('digest', '=', digest).executeTakeFirst()
      if (!row) return undefined
      const parts = await db
        .selectFrom('file_part')
        .select('bytes')
        .where('upload', '=', row.upload)
        .orderBy('position')
        .execute()
      return Buffer.concat(parts.map(({ bytes }) => bytes))
    },
  }
}

export function fileWriter(tx: Tx) {
  return {
    async addFilePart(upload: string, position: number, bytes: Uint8Array): Promise<void> {
      await tx
        .insertInto('file_part')
        .values({ upload, position, bytes: Buffer.from(bytes) })
        .execute()
    },
    /** Makes a file of the parts of an upload. False: the same bytes are here already, and the parts are gone. */
    async addFile(upload: string, file: StoredFile): Promise<boolean> {
      const made = await tx
        .insertInto('file')
        .values({
          digest: file.digest,
          upload,
          size: file.size,
          name: file.name,
          uploaded_by: file.uploadedBy,
          uploaded_at: file.uploadedAt,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      const isNew = made.numInsertedOrUpdatedRows === 1n
      if (!isNew) await tx.deleteFrom('file_part').where('upload', '=', upload).execute()
      return isNew
    },
    async dropUpload(upload: string): Promise<void> {
      await tx.deleteFrom('file_part').where('upload', '=', upload).execute()
    },
    /** Parts of uploads that a process before this one did not end. */
    async dropBrokenUploads(): Promise<void> {
      const whole = tx.selectFrom('file').select('upload')
      await tx.deleteFrom('file_part').where('upload', 'not in', whole).execute()
    },
  }
}
