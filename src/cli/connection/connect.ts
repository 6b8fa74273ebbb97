import { existsSync } from 'node:fs'
import { fault } from '../../errors.ts'
import { readLockNote } from '../../store/lock.ts'
import type { Connection } from './connection.ts'
import { openDatabase } from './offline.ts'
import { serverAt } from './remote.ts'
import { isServed, serverOnSocket } from './socket.ts'

const DEFAULT_DB = 'wavegate.db'

/** The server named by WAVEGATE_URL; else who serves the database on this machine; else the database itself. */
export async function connect(env: NodeJS.ProcessEnv, options: { mayCreate?: boolean }): Promise<Connection> {
  const { WAVEGATE_URL, WAVEGATE_TOKEN, WAVEGATE_DB } = env
  if (WAVEGATE_URL) return serverAt(WAVEGATE_URL, WAVEGATE_TOKEN)
  const db = WAVEGATE_DB || DEFAULT_DB
  const served = readLockNote(db)
  // The note outlives a server that was killed; its socket then answers nobody.
  if (served && (await isServed(served.socket))) return serverOnSocket(served.socket)
  if (!existsSync(db) && options.mayCreate !== true) throw fault('databaseMissing', { file: db })
  return await openDatabase(env)
}
