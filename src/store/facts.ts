import { sql } from 'kysely'
import type { FactsOf, FailedRead, PersonFacts, Source } from '../people/facts.ts'
import type { Db, Tables, Tx } from './tables.ts'

type Row = Tables['person_facts']
type Column = Exclude<Source, 'perUserMfa'> | 'per_user_mfa'

const COLUMN_OF: Record<Source, Column> = {
  account: 'account',
  registration: 'registration',
  roles: 'roles',
  activity: 'activity',
  legacy: 'legacy',
  rhythm: 'rhythm',
  perUserMfa: 'per_user_mfa',
  phones: 'phones',
  methods: 'methods',
}
const COLUMNS = Object.entries(COLUMN_OF) as [Source, Column][]

/** A place in the list of everybody, by sign-in name. */
export interface FactsPlace {
  upn: string
  id: string
}

export interface StoredFacts extends PersonFacts {
  upn: string
  displayName: string
  /** Seen no more in the directory since then; null: is there. */
  goneAt: number | null
}

export function factsReader(db: Db) {
  const all = () => db.selectFrom('person_facts').selectAll()
  return {
    /** By object id or sign-in name. */
    async factsOf(personOrUpn: string): Promise<StoredFacts | undefined> {
      const byId = await all().where('person_id', '=', personOrUpn).executeTakeFirst()
      if (byId) return toFacts(byId)
      const row = await all()
        .where('upn', '=', personOrUpn.toLowerCase())
        .orderBy(sql`case when gone_at is null then 0 else 1 end`)
        .executeTakeFirst()
      return row && toFacts(row)
    },
    /** By object id; whoever is not known is left out. */
    async factsAmong(ids: readonly string[]): Promise<Map<string, StoredFacts>> {
      const found = new Map<string, StoredFacts>()
      for (let start = 0; start < ids.length; start += 500) {
        const some = ids.slice(start, start + 500)
        for (const row of await all().where('person_id', 'in', some).execute())
          found.set(row.person_id, toFacts(row))
      }
      return found
    },
    /** Who is in the directory, in the order of sign-in names, from behind a place. */
    async factsPage(after: FactsPlace | null, limit: number): Promise<StoredFacts[]> {
      let query = all().where('gone_at', 'is', null)
      if (after !== null) query = query.where(sql<boolean>`(upn, person_id) > (${after.upn}, ${after.id})`)
      const rows = await query.orderBy('upn').orderBy('person_id').limit(limit).execute()
      const seen: Seen = new Map()
      return rows.map((row) => toFacts(row, seen))
    },
    async factsCount(): Promise<number> {
      const { people } = await db
        .selectFrom('person_facts')
        .select((it) => it.fn.countAll<number>().as('people'))
        .where('gone_at', 'is', null)
        .executeTakeFirstOrThrow()
      return Number(people)
    },
  }
}

export function factsWriter(tx: Tx) {
  return {
    /** Accounts as the directory shows them: a person who is not known yet becomes known by this. */
    async saveAccounts(people: readonly { id: string; account: FactsOf<'account'> }[]): Promise<void> {
      for (let start = 0; start < people.length; start += 200) {
        const rows = people.slice(start, start + 200).map(({ id, account }) => ({
          person_id: id,
          upn: account.upn.toLowerCase(),
          display_name: account.displayName,
          account: JSON.stringify(account),
          account_at: account.at,
        }))
        await tx
          .insertInto('person_facts')
          .values(rows)
          .onConflict((it) =>
            it.column('person_id').doUpdateSet({
              upn: (ref) => ref.ref('excluded.upn'),
              display_name: (ref) => ref.ref('excluded.display_name'),
              account: (ref) => ref.ref('excluded.account'),
              account_at: (ref) => ref.ref('excluded.account_at'),
              gone_at: null,
            }),
          )
          .execute()
      }
    },
    /** One source's facts of people who are known; of anybody else nothing is kept. */
    async saveFacts<S extends Exclude<Source, 'account'>>(
      source: S,
      people: Iterable<readonly [id: string, facts: FactsOf<S>]>,
    ): Promise<void> {
      const column = COLUMN_OF[source]
      for (const [id, facts] of people) {
        await tx
          .updateTable('person_facts')
          .set({ [column]: JSON.stringify(facts), [`${column}_at`]: facts.at })
          .where('person_id', '=', id)
          .execute()
      }
    },
    /** The same facts for everybody whose own are older: what a source that was read to its end does not list. */
    async saveForOthers<S extends Exclude<Source, 'account'>>(
      source: S,
      facts: FactsOf<S>,
      before: number,
    ): Promise<void> {
      const column = COLUMN_OF[source]
      await tx
        .updateTable('person_facts')
        .set({ [column]: JSON.stringify(facts), [`${column}_at`]: facts.at })
        .where(sql<boolean>`coalesce(${sql.ref(`${column}_at`)}, -1) < ${before}`)
        .execute()
    },
    /** A reading of this very person failed, or (null) succeeded. */
    async noteFailedFacts(id: string, source: Source, failed: FailedRead | null): Promise<void> {
      const row = await tx
        .selectFrom('person_facts')
        .select('failed')
        .where('person_id', '=', id)
        .executeTakeFirst()
      const { [source]: _before, ...others } = parse<NonNullable<PersonFacts['failed']>>(row?.failed) ?? {}
      const now = failed === null ? others : { ...others, [source]: failed }
      const text = Object.keys(now).length > 0 ? JSON.stringify(now) : null
      await tx.updateTable('person_facts').set({ failed: text }).where('person_id', '=', id).execute()
    },
    /** A reading of what changed showed nothing else: what is known of the accounts is as new as that. */
    async noteAccountsSeen(at: number): Promise<void> {
      await tx.updateTable('person_facts').set({ account_at: at }).where('gone_at', 'is', null).execute()
    },
    async noteGone(ids: readonly string[], at: number): Promise<void> {
      for (const id of ids)
        await tx
          .updateTable('person_facts')
          .set({ gone_at: at })
          .where('person_id', '=', id)
          .where('gone_at', 'is', null)
          .execute()
    },
    /** Whom a whole reading of the directory that began then did not show. */
    async noteGoneBefore(begunAt: number, at: number): Promise<void> {
      await tx
        .updateTable('person_facts')
        .set({ gone_at: at })
        .where('gone_at', 'is', null)
        .where((it) => it.or([it('account_at', 'is', null), it('account_at', '<', begunAt)]))
        .execute()
    },
  }
}

/** Many people have the same facts of a source, word for word: each text is parsed once. */
type Seen = Map<string, { at: number }>

function toFacts(row: Row, seen: Seen = new Map()): StoredFacts {
  const facts: StoredFacts = {
    id: row.person_id,
    upn: row.upn,
    displayName: row.display_name,
    goneAt: row.gone_at,
  }
  const known = facts as unknown as Record<string, unknown>
  for (const [source, column] of COLUMNS) {
    const text = row[column]
    if (text === null) continue
    const fact = (source === 'account' ? undefined : seen.get(text)) ?? (JSON.parse(text) as { at: number })
    if (source !== 'account') seen.set(text, fact)
    // What a later reading left as it was is as old as that reading.
    const at = row[`${column}_at`]
    known[source] = at === null || at === fact.at ? fact : { ...fact, at }
  }
  if (row.failed !== null) facts.failed = JSON.parse(row.failed)
  return facts
}

function parse<T>(text: string | null | undefined): T | undefined {
  return text == null ? undefined : (JSON.parse(text) as T)
}
