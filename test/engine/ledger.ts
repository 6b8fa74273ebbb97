import Sqlite from 'better-sqlite3'
import type { Tables } from '../../src/store/tables.ts'
import type { Rig } from './rig.ts'

type Rows<T extends keyof Tables> = { [K in keyof Tables[T]]: Plain<Tables[T][K]> }
type Plain<V> = V extends { readonly __select__: infer S } ? S : V

export interface Ledger {
  images: Rows<'before_image'>[]
  attempts: Rows<'attempt'>[]
  members: Rows<'member'>[]
  tenantImages: Rows<'tenant_image'>[]
  tasks: Rows<'task'>[]
  timers: Rows<'timer'>[]
}

/** What the database holds once nobody has it open any more; wavegate is stopped first. */
export async function ledgerOf(rig: Rig): Promise<Ledger> {
  await rig.stop()
  const db = new Sqlite(rig.config.db, { readonly: true })
  const all = (table: string) => db.prepare(`select * from ${table}`).all() as never[]
  const ledger = {
    images: all('before_image'),
    attempts: all('attempt'),
    members: all('member'),
    tenantImages: all('tenant_image'),
    tasks: all('task'),
    timers: all('timer'),
  }
  db.close()
  return ledger
}
