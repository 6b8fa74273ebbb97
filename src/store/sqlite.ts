import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import type { Db, Tables } from './tables.ts'

/**
 * Opens (and creates) a SQLite file. `synchronous = FULL`: a before-image that was committed survives a power cut.
 * @throws when the file is not a database or cannot be written.
 */
export function openSqlite(file: string): Db {
  const database = new Sqlite(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('busy_timeout = 5000')
  database.pragma('foreign_keys = ON')
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
}
