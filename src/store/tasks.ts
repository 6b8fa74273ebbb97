import { sql } from 'kysely'
import type { Db, Tx } from './tables.ts'

/** Work waiting in the database. Tasks of one lane run one after another, in the order they were queued. */
export interface Task {
  id: number
  kind: string
  lane: string
  data: unknown
  runAt: number
  tries: number
}

export interface Timer {
  instance: string
  token: number
  at: number
  why: string
}

/** When the next thing falls due: of what simulated time goes on for, and of what only happens on its way. */
export interface NextDue {
  waitedFor: number | null
  inPassing: number | null
}

/** Regular looks, what is tried again later, and reminders to people: nothing else waits for them. */
const IN_PASSING: readonly string[] = ['look', 'holdDue', 'approvalDue', 'campaign', 'wipeTokens']

/** What people are asked, and may answer whenever they like; see IN_PASSING. */
const ASKED_OF_PEOPLE = 'approval'

export function taskReader(db: Db) {
  return {
    /** Due, and not behind another one in a lane that is busy. */
    async readyTasks(now: number, limit: number, busy: readonly string[] = []): Promise<Task[]> {
      let query = db.selectFrom('task').selectAll().where('state', '=', 'ready').where('run_at', '<=', now)
      if (busy.length > 0) query = query.where('lane', 'not in', [...busy])
      const rows = await query.orderBy('run_at').orderBy('id').limit(limit).execute()
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        lane: row.lane,
        data: JSON.parse(row.data),
        runAt: row.run_at,
        tries: row.tries,
      }))
    },
    /** Whether such work waits for what runs in its lane. */
    async isWaiting(kind: string, lane: string, now: number): Promise<boolean> {
      const row = await db
        .selectFrom('task')
        .select('id')
        .where('kind', '=', kind)
        .where('lane', '=', lane)
        .where('state', '=', 'ready')
        .where('run_at', '<=', now)
        .executeTakeFirst()
      return row !== undefined
    },
    /** Whether such work waits in any lane. */
    async isWaitingAnywhere(kind: string, now: number): Promise<boolean> {
      const row = await db
        .selectFrom('task')
        .select('id')
        .where('kind', '=', kind)
        .where('state', '=', 'ready')
        .where('run_at', '<=', now)
        .executeTakeFirst()
      return row !== undefined
    },
    async dueTimers(now: number): Promise<Timer[]> {
      return await db
        .selectFrom('timer')
        .selectAll()
        .where('at', '<=', now)
        .orderBy('at')
        .orderBy('instance')
        .execute()
    },
    /** When something falls due after `now`; null: nothing does. In one statement, since the engine asks at every turn. */
    async nextDue(now: number): Promise<NextDue> {
      const task = sql`select min(run_at) from task where state = 'ready' and run_at > ${now} and kind`
      const timer = sql`select min(at) from timer where at > ${now} and why`
      const kinds = sql.join(IN_PASSING)
      const { rows } = await sql<Record<'task' | 'timer' | 'look' | 'asked', number | null>>`select
        (${task} not in (${kinds})) as task, (${timer} != ${ASKED_OF_PEOPLE}) as timer,
        (${task} in (${kinds})) as look, (${timer} = ${ASKED_OF_PEOPLE}) as asked`.execute(db)
      const [row] = rows
      return { waitedFor: earliest(row?.task, row?.timer), inPassing: earliest(row?.look, row?.asked) }
    },
  }
}

function earliest(...times: (number | null | undefined)[]): number | null {
  const known = times.filter((at): at is number => typeof at === 'number')
  return known.length > 0 ? Math.min(...known) : null
}

/** `onDue` is told of what the engine has to look for; that it takes a task, or has done it, it knows itself. */
export function taskWriter(tx: Tx, onDue: () => void) {
  return {
    async enqueue(task: { kind: string; lane: string; data: unknown; runAt: number }): Promise<void> {
      onDue()
      await tx
        .insertInto('task')
        .values({
          kind: task.kind,
          lane: task.lane,
          data: JSON.stringify(task.data),
          state: 'ready',
          run_at: task.runAt,
          tries: 0,
        })
        .execute()
    },
    /** One of its kind waits in the lane, due at the earlier of both times. */
    async enqueueOnce(task: { kind: string; lane: string; data: unknown; runAt: number }): Promise<void> {
      onDue()
      const waiting = tx
        .updateTable('task')
        .set((it) => ({
          run_at: it.case().when('run_at', '>', task.runAt).then(task.runAt).else(it.ref('run_at')).end(),
        }))
        .where('kind', '=', task.kind)
        .where('lane', '=', task.lane)
        .where('state', '=', 'ready')
      if ((await waiting.executeTakeFirst()).numUpdatedRows === 0n) await this.enqueue(task)
    },
    /** False: somebody else has it. */
    async takeTask(id: number): Promise<boolean> {
      const result = await tx
        .updateTable('task')
        .set((it) => ({ state: 'running', tries: it('tries', '+', 1) }))
        .where('id', '=', id)
        .where('state', '=', 'ready')
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },
    async finishTask(id: number): Promise<void> {
      await tx.deleteFrom('task').where('id', '=', id).execute()
    },
    async postponeTask(id: number, runAt: number): Promise<void> {
      onDue()
      await tx.updateTable('task').set({ state: 'ready', run_at: runAt }).where('id', '=', id).execute()
    },
    /** After a crash: what was running is to be run again. One process only, held by the lock. */
    async releaseTasks(): Promise<number> {
      onDue()
      const result = await tx
        .updateTable('task')
        .set({ state: 'ready' })
        .where('state', '=', 'running')
        .executeTakeFirst()
      return Number(result.numUpdatedRows)
    },
    /** Takes waiting tasks of a lane away; one that runs finds out by itself. */
    async dropTasks(kind: string, lane: string): Promise<void> {
      onDue()
      await tx
        .deleteFrom('task')
        .where('kind', '=', kind)
        .where('lane', '=', lane)
        .where('state', '=', 'ready')
        .execute()
    },
    async hasTask(kind: string): Promise<boolean> {
      return (
        (await tx.selectFrom('task').select('id').where('kind', '=', kind).executeTakeFirst()) !== undefined
      )
    },
    /** One timer an instance: a new one replaces the old, null removes it. */
    async setTimer(instance: string, token: number, at: number | null, why: string): Promise<void> {
      onDue()
      await tx.deleteFrom('timer').where('instance', '=', instance).execute()
      if (at !== null) await tx.insertInto('timer').values({ instance, token, at, why }).execute()
    },
    async dropTimer(instance: string, token: number): Promise<void> {
      onDue()
      await tx.deleteFrom('timer').where('instance', '=', instance).where('token', '=', token).execute()
    },
  }
}
