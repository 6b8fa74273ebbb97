import type { SqliteDatabase } from 'kysely'

type Statement = ReturnType<SqliteDatabase['prepare']>

/** As many texts as the store has, with room for the lengths of their lists. */
const MOST = 500

const CHANGES_THE_SCHEMA = /^\s*(create|alter|drop)\b/i

/**
 * Prepares each text once: most of what the engine asks is asked thousands of times. Least used goes first; a change of
 * the schema forgets all, since a statement knows its columns. Not for statements that are read row by row.
 */
export function rememberStatements(database: SqliteDatabase): SqliteDatabase {
  const known = new Map<string, Statement>()
  return {
    close: () => database.close(),
    prepare(text) {
      if (CHANGES_THE_SCHEMA.test(text)) {
        known.clear()
        return database.prepare(text)
      }
      const statement = known.get(text) ?? database.prepare(text)
      known.delete(text)
      known.set(text, statement)
      if (known.size > MOST) known.delete(known.keys().next().value as string)
      return statement
    },
  }
}
