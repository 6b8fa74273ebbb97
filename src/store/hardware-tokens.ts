import type { Db, Tables, Tx } from './tables.ts'

/** What is wrong with a row of a list of tokens; no secret is in it. */
export interface TokenRowFinding {
  line: number
  code: 'csvTokenUnusable' | 'csvTokenTwice'
  /** Of whom the row speaks, as the file writes it. */
  upn: string
  serial: string
  message: string
  hint: string
}

/** A list of tokens that came in. The list itself is not kept. */
export interface StoredTokenFile {
  digest: string
  name: string | null
  findings: TokenRowFinding[]
  uploadedBy: string
  uploadedAt: number
}

/** One token of a list. */
export interface StoredToken {
  file: string
  line: number
  upn: string
  serial: string
  manufacturer: string
  model: string
  seconds: number
  hash: string
  /** The secret, sealed; null: wiped, since the token is active or nobody needs it any more. */
  sealed: string | null
}

function toToken(row: Tables['hardware_token']): StoredToken {
  const { wiped_at: _, is_wanted_again: __, ...token } = row
  return token
}

const inChunks = 500

export function hardwareTokenReader(db: Db) {
  return {
    async tokenFile(digest: string): Promise<StoredTokenFile | undefined> {
      const row = await db
        .selectFrom('token_file')
        .selectAll()
        .where('digest', '=', digest)
        .executeTakeFirst()
      if (!row) return undefined
      const { name, findings, uploaded_by: uploadedBy, uploaded_at: uploadedAt } = row
      return { digest, name, findings: JSON.parse(findings), uploadedBy, uploadedAt }
    },
    /** The tokens of a list, in order: all, or those with these numbers. */
    async tokensOf(file: string, serials?: readonly string[]): Promise<StoredToken[]> {
      const all = db.selectFrom('hardware_token').selectAll().where('file', '=', file).orderBy('line')
      if (serials === undefined) return (await all.execute()).map(toToken)
      const found: StoredToken[] = []
      for (let start = 0; start < serials.length; start += inChunks) {
        const some = all.where('serial', 'in', serials.slice(start, start + inChunks))
        found.push(...(await some.execute()).map(toToken))
      }
      return found
    },
  }
}

export function hardwareTokenWriter(tx: Tx) {
  return {
    async addTokenFile(file: StoredTokenFile, tokens: readonly StoredToken[]): Promise<void> {
      await tx
        .insertInto('token_file')
        .values({
          digest: file.digest,
          name: file.name,
          findings: JSON.stringify(file.findings),
          uploaded_by: file.uploadedBy,
          uploaded_at: file.uploadedAt,
        })
        .execute()
      const rows = tokens.map((token) => ({ ...token, wiped_at: null, is_wanted_again: 0 as const }))
      for (let start = 0; start < rows.length; start += inChunks)
        await tx
          .insertInto('hardware_token')
          .values(rows.slice(start, start + inChunks))
          .execute()
    },
    /** The secrets of tokens that are active are overwritten. */
    async wipeSecrets(file: string, serials: readonly string[], at: number): Promise<void> {
      for (let start = 0; start < serials.length; start += inChunks)
        await tx
          .updateTable('hardware_token')
          .set({ sealed: null, wiped_at: at, is_wanted_again: 0 })
          .where('file', '=', file)
          .where('serial', 'in', serials.slice(start, start + inChunks))
          .where((it) => it.or([it('sealed', 'is not', null), it('is_wanted_again', '=', 1)]))
          .execute()
    },
    /** Every secret of the list that is sealed still is overwritten; only the same list again brings it back. How many. */
    async wipeList(file: string, at: number): Promise<number> {
      const { numUpdatedRows } = await tx
        .updateTable('hardware_token')
        .set({ sealed: null, wiped_at: at, is_wanted_again: 1 })
        .where('file', '=', file)
        .where('sealed', 'is not', null)
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },
    /** Tokens that were active and are so no more: only with their secret could they be again. */
    async wantSecrets(file: string, serials: readonly string[]): Promise<void> {
      for (let start = 0; start < serials.length; start += inChunks)
        await tx
          .updateTable('hardware_token')
          .set({ is_wanted_again: 1 })
          .where('file', '=', file)
          .where('serial', 'in', serials.slice(start, start + inChunks))
          .where('sealed', 'is', null)
          .execute()
    },
    /** The same list came again: what is kept, or was wiped and is wanted again, is sealed anew; what is active is not. */
    async sealAgain(tokens: readonly StoredToken[]): Promise<void> {
      for (const { file, line, sealed } of tokens)
        await tx
          .updateTable('hardware_token')
          .set({ sealed, wiped_at: null, is_wanted_again: 0 })
          .where('file', '=', file)
          .where('line', '=', line)
          .where((it) => it.or([it('sealed', 'is not', null), it('is_wanted_again', '=', 1)]))
          .execute()
    },
  }
}
