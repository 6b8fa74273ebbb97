import { type Kysely, sql } from 'kysely'

export const breaking = true

type Column = [name: string, type: 'text' | 'integer', ...marks: ('null' | 'key')[]]

const TABLES: Record<string, Column[]> = {
  setting: [
    ['name', 'text', 'key'],
    ['value', 'text'],
  ],
  rollout: [
    ['id', 'text', 'key'],
    ['name', 'text'],
    ['change', 'text'],
    ['plan_text', 'text'],
    ['plan_hash', 'text'],
    ['plan', 'text'],
    ['target_group', 'text'],
    ['target_policy', 'text'],
    ['group_id', 'text', 'null'],
    ['policy_id', 'text', 'null'],
    ['state', 'text'],
    ['version', 'integer'],
    ['saved', 'text'],
    ['created_at', 'integer'],
    ['created_by', 'text'],
    ['started_by', 'text', 'null'],
    ['run_after', 'text', 'null'],
  ],
  wave: [
    ['id', 'text', 'key'],
    ['rollout_id', 'text'],
    ['position', 'integer'],
    ['name', 'text'],
    ['state', 'text'],
    ['version', 'integer'],
    ['saved', 'text'],
    ['frozen_at', 'integer', 'null'],
    ['enforcing_at', 'integer', 'null'],
  ],
  member: [
    ['rollout_id', 'text', 'key'],
    ['person_id', 'text', 'key'],
    ['wave_id', 'text'],
    ['upn', 'text'],
    ['display_name', 'text'],
    ['position', 'integer'],
    ['deferred', 'text', 'null'],
    ['outcome', 'text'],
    ['outcome_reason', 'text', 'null'],
    ['requested_at', 'integer', 'null'],
    ['in_place_at', 'integer', 'null'],
    ['proven_at', 'integer', 'null'],
    ['locked_out_at', 'integer', 'null'],
    ['locked_out_now', 'integer'],
    ['restore', 'text', 'null'],
    ['restore_reason', 'text', 'null'],
    ['restored_at', 'integer', 'null'],
  ],
  left_out: [
    ['rollout_id', 'text', 'key'],
    ['person_id', 'text', 'key'],
    ['upn', 'text'],
    ['display_name', 'text'],
    ['reason', 'text'],
  ],
  timer: [
    ['instance', 'text', 'key'],
    ['token', 'integer'],
    ['at', 'integer'],
    ['why', 'text'],
  ],
  sign_in: [
    ['id', 'text', 'key'],
    ['person_id', 'text'],
    ['at', 'integer'],
    ['fetched_at', 'integer'],
    ['row', 'text'],
  ],
  idempotency: [
    ['actor', 'text', 'key'],
    ['key', 'text', 'key'],
    ['request', 'text'],
    ['status', 'integer'],
    ['body', 'text'],
    ['at', 'integer'],
  ],
  access_token: [
    ['id', 'text', 'key'],
    ['hash', 'text'],
    ['person', 'text'],
    ['role', 'text'],
    ['created_at', 'integer'],
    ['created_by', 'text'],
    ['revoked_at', 'integer', 'null'],
  ],
}

/** Tables whose rows are numbered by the database, in the order they were written. */
const NUMBERED: Record<string, { key: string; columns: Column[] }> = {
  before_image: {
    key: 'id',
    columns: [
      ['person_id', 'text'],
      ['effect', 'text'],
      ['target', 'text'],
      ['image', 'text'],
      ['rollout_id', 'text'],
      ['wave_id', 'text'],
      ['recorded_at', 'integer'],
      ['closed_at', 'integer', 'null'],
    ],
  },
  attempt: {
    key: 'id',
    columns: [
      ['person_id', 'text'],
      ['effect', 'text'],
      ['target', 'text'],
      ['direction', 'text'],
      ['number', 'integer'],
      ['rollout_id', 'text'],
      ['wave_id', 'text'],
      ['intended_at', 'integer'],
      ['answered_at', 'integer', 'null'],
      ['answer', 'text', 'null'],
      ['code', 'text', 'null'],
      ['request_id', 'text', 'null'],
      ['client_request_id', 'text', 'null'],
    ],
  },
  tenant_image: {
    key: 'id',
    columns: [
      ['kind', 'text'],
      ['object_id', 'text', 'null'],
      ['image', 'text', 'null'],
      ['rollout_id', 'text'],
      ['recorded_at', 'integer'],
      ['closed_at', 'integer', 'null'],
    ],
  },
  event: {
    key: 'seq',
    columns: [
      ['at', 'integer'],
      ['rollout_id', 'text', 'null'],
      ['wave_id', 'text', 'null'],
      ['person_id', 'text', 'null'],
      ['type', 'text'],
      ['actor', 'text'],
      ['reason', 'text'],
      ['data', 'text'],
    ],
  },
  task: {
    key: 'id',
    columns: [
      ['kind', 'text'],
      ['lane', 'text'],
      ['data', 'text'],
      ['state', 'text'],
      ['run_at', 'integer'],
      ['tries', 'integer'],
    ],
  },
  intake: {
    key: 'id',
    columns: [
      ['from_at', 'integer'],
      ['to_at', 'integer'],
      ['fetched_at', 'integer'],
      ['rows', 'integer'],
      ['outcome', 'text'],
      ['code', 'text', 'null'],
    ],
  },
  gate_result: {
    key: 'id',
    columns: [
      ['rollout_id', 'text'],
      ['wave_id', 'text'],
      ['gate', 'text'],
      ['at', 'integer'],
      ['verdict', 'text'],
      ['result', 'text'],
    ],
  },
  approval: {
    key: 'id',
    columns: [
      ['rollout_id', 'text'],
      ['wave_id', 'text'],
      ['decision', 'text'],
      ['person', 'text'],
      ['role', 'text'],
      ['channel', 'text'],
      ['comment', 'text'],
      ['at', 'integer'],
      ['plan_hash', 'text'],
      ['cohort', 'text'],
      ['verdicts', 'text'],
    ],
  },
}

const INDEXES: [name: string, table: string, columns: string[], unique?: 'unique'][] = [
  ['wave_of_rollout', 'wave', ['rollout_id', 'position'], 'unique'],
  ['member_of_wave', 'member', ['wave_id', 'outcome']],
  ['member_person', 'member', ['person_id']],
  ['before_image_of', 'before_image', ['person_id', 'effect', 'target', 'closed_at']],
  ['attempt_of', 'attempt', ['person_id', 'effect', 'target', 'number']],
  ['event_of_rollout', 'event', ['rollout_id', 'seq']],
  ['task_due', 'task', ['state', 'run_at']],
  ['sign_in_of', 'sign_in', ['person_id', 'at']],
  ['gate_result_of', 'gate_result', ['wave_id', 'gate', 'id']],
  ['access_token_hash', 'access_token', ['hash'], 'unique'],
]

export async function up(db: Kysely<never>): Promise<void> {
  for (const [name, columns] of Object.entries(TABLES)) {
    let table = db.schema.createTable(name)
    for (const [column, type, ...marks] of columns) table = addColumn(table, column, type, marks)
    const keys = columns.filter(([, , ...marks]) => marks.includes('key')).map(([column]) => column)
    await table.addPrimaryKeyConstraint(`${name}_key`, keys as never).execute()
  }
  for (const [name, { key, columns }] of Object.entries(NUMBERED)) {
    // Rising and never used twice: SSE readers and audits rely on it.
    let table = db.schema.createTable(name).addColumn(key, 'integer', (it) => it.primaryKey().autoIncrement())
    for (const [column, type, ...marks] of columns) table = addColumn(table, column, type, marks)
    await table.execute()
  }
  for (const [name, table, columns, unique] of INDEXES) {
    const index = db.schema.createIndex(name).on(table).columns(columns)
    await (unique ? index.unique() : index).execute()
  }
  // One open before-image a person and effect: the first stays until it has been restored.
  await sql`create unique index before_image_open on before_image (person_id, effect, target) where closed_at is null`.execute(
    db,
  )
}

type Building = ReturnType<Kysely<never>['schema']['createTable']>

function addColumn(table: Building, column: string, type: 'text' | 'integer', marks: string[]): Building {
  // SQLite reads `integer` as 64 bits; a dialect whose integer is 32 bits would cut milliseconds short.
  const kind = type === 'integer' ? 'bigint' : type
  return table.addColumn(column, kind, (it) => (marks.includes('null') ? it : it.notNull()))
}
