import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { fault } from '../errors.ts'
import { rememberStatements } from './statements.ts'
import type { Db, Tables } from './tables.ts'

/**
 * Opens (and creates) a SQLite file for this process alone: the exclusive lock ends with the process, however it ends.
 * `synchronous = FULL`: a before-image that was committed survives a power cut.
 * @throws databaseLocked, databaseUnreadable
 */
export function openSqlite(file: string): Db {
  let database: Sqlite.Database | undefined
  try {
    database = new Sqlite(file, { timeout: 1_000 })
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    // What is taken away, such as the sealed secret of a token, is overwritten.
    database.pragma('secure_delete = ON')
    // Takes the lock now, not with the first write.
    database.exec('begin exclusive; commit')
    return new Kysely<Tables>({ dialect: new SqliteDialect({ database: rememberStatements(database) }) })
  } catch (error) {
    database?.close()
    const isBusy = error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')
    if (isBusy) throw fault('databaseLocked', { file }, error)
    throw fault(
      'databaseUnreadable',
      { file, detail: error instanceof Error ? error.message : String(error) },
      error,
    )
  }
}
