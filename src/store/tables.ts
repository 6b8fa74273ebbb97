import type { Generated, Kysely, Transaction } from 'kysely'
import type { NoticeRow } from './notice-row.ts'
import type { PassTables } from './pass-tables.ts'
import type { QuestionRow } from './question-row.ts'
import type { TokenTables } from './token-tables.ts'

/** Times are milliseconds since the epoch, UTC; booleans are 0 or 1; `json` columns hold JSON text. */
type Json = string
type Flag = 0 | 1

export interface Tables extends PassTables, TokenTables {
  setting: { name: string; value: string }
  rollout: {
    id: string
    name: string
    change: string
    plan_text: string
    plan_hash: string
    plan: Json
    target_group: string
    target_policy: string
    group_id: string | null
    policy_id: string | null
    admin_group_id: string | null
    admin_policy_id: string | null
    twin_id: string | null
    findings: Json
    state: string
    version: number
    saved: Json
    created_at: number
    created_by: string
    started_by: string | null
    run_after: string | null
  }
  file: {
    digest: string
    upload: string
    size: number
    name: string | null
    uploaded_by: string
    uploaded_at: number
  }
  file_part: { upload: string; position: number; bytes: Uint8Array }
  plan_revision: {
    rollout_id: string
    number: number
    plan_hash: string
    text: string
    files: Json
    by: string
    at: number
    reason: string
  }
  wave: {
    id: string
    rollout_id: string
    position: number
    name: string
    state: string
    version: number
    saved: Json
    frozen_at: number | null
    enforcing_at: number | null
  }
  member: {
    rollout_id: string
    wave_id: string
    person_id: string
    upn: string
    display_name: string
    position: number
    deferred: string | null
    outcome: string
    outcome_reason: string | null
    requested_at: number | null
    in_place_at: number | null
    proven_at: number | null
    locked_out_at: number | null
    locked_out_now: Flag
    restore: string | null
    restore_reason: string | null
    restored_at: number | null
    parked_at: number | null
    released_at: number | null
    left_in_by: string | null
    confirmed_by: string | null
    readiness: string | null
    last_proven_at: number | null
    per_user_mfa: string | null
    per_user_reason: string | null
    per_user_at: number | null
    not_proven_accepted_by: string | null
    not_proven_accepted_at: number | null
    not_before: number | null
  }
  member_count: { wave_id: string; what: string; people: number }
  deferral: {
    rollout_id: string
    person_id: string
    upn: string
    until: number
    by: string
    approver: string
    reason: string
    at: number
  }
  moved_member: {
    id: Generated<number>
    rollout_id: string
    person_id: string
    upn: string
    from_wave: string
    to_wave: string
    at: number
    was: string
    requested_at: number | null
    proven_at: number | null
    locked_out_at: number | null
  }
  look_back: { wave_id: string; from_at: number; to_at: number }
  left_out: { rollout_id: string; person_id: string; upn: string; display_name: string; reason: string }
  before_image: {
    id: Generated<number>
    person_id: string
    effect: string
    target: string
    image: Json
    rollout_id: string
    wave_id: string
    recorded_at: number
    closed_at: number | null
  }
  attempt: {
    id: Generated<number>
    person_id: string
    effect: string
    target: string
    direction: string
    number: number
    rollout_id: string
    wave_id: string
    intended_at: number
    answered_at: number | null
    answer: string | null
    code: string | null
    request_id: string | null
    client_request_id: string | null
  }
  tenant_image: {
    id: Generated<number>
    kind: string
    object_id: string | null
    image: Json | null
    rollout_id: string
    recorded_at: number
    closed_at: number | null
  }
  campaign: { rollout_id: string; stands: string; sent: Json | null; says: string; at: number }
  event: {
    seq: Generated<number>
    at: number
    rollout_id: string | null
    wave_id: string | null
    person_id: string | null
    type: string
    actor: string
    reason: string
    data: Json
  }
  task: {
    id: Generated<number>
    kind: string
    lane: string
    data: Json
    state: string
    run_at: number
    tries: number
  }
  timer: { instance: string; token: number; at: number; why: string }
  sign_in: { id: string; person_id: string; at: number; fetched_at: number; row: Json }
  intake: {
    id: Generated<number>
    from_at: number
    to_at: number
    fetched_at: number
    rows: number
    outcome: string
    code: string | null
  }
  gate_result: {
    id: Generated<number>
    rollout_id: string
    wave_id: string
    gate: string
    at: number
    verdict: string
    result: Json
  }
  approval: {
    id: Generated<number>
    rollout_id: string
    wave_id: string
    decision: string
    person: string
    role: string
    channel: string
    comment: string
    at: number
    plan_hash: string
    cohort: string
    verdicts: Json
  }
  idempotency: {
    actor: string
    key: string
    request: string
    status: number
    body: Json
    at: number
  }
  access_token: {
    id: string
    hash: string
    person: string
    role: string
    created_at: number
    created_by: string
    revoked_at: number | null
  }
  preparation: {
    rollout_id: string
    person_id: string
    step: string
    wave_id: string
    outcome: string
    reason: string | null
    wanted: Json | null
    at: number
    restore: string | null
    restore_reason: string | null
    restored_at: number | null
  }
  recorded: { rollout_id: string; object: string; image: Json; at: number }
  drift: {
    id: Generated<number>
    rollout_id: string
    object: string
    property: string
    person_id: string | null
    before: Json
    after: Json
    says: string
    barred: string | null
    found_at: number
    settled_how: string | null
    settled_by: string | null
    settled_reason: string | null
    settled_at: number | null
  }
  per_user_look: { rollout_id: string; person_id: string; looked_at: number | null; state: string | null }
  taken_as_is: {
    effect: string
    target: string
    person_id: string
    rollout_id: string
    image: Json
    by: string
    reason: string
    at: number
  }
  adoption: {
    target: string
    person_id: string
    rollout_id: string
    by: string
    reason: string
    at: number
  }
  adoption_request: {
    rollout_id: string
    verb: string
    people: Json
    asked_by: string
    asked_reason: string
    asked_at: number
    approved_by: string | null
    approved_reason: string | null
    approved_at: number | null
  }
  graduation: {
    rollout_id: string
    group_id: string | null
    is_ours: Flag
    narrow: Json | null
    wide_at: number | null
  }
  notice: NoticeRow
  person_facts: {
    person_id: string
    upn: string
    display_name: string
    gone_at: number | null
    failed: Json | null
    account: Json | null
    account_at: number | null
    registration: Json | null
    registration_at: number | null
    roles: Json | null
    roles_at: number | null
    activity: Json | null
    activity_at: number | null
    legacy: Json | null
    legacy_at: number | null
    rhythm: Json | null
    rhythm_at: number | null
    per_user_mfa: Json | null
    per_user_mfa_at: number | null
    phones: Json | null
    phones_at: number | null
    methods: Json | null
    methods_at: number | null
  }
  question: QuestionRow
  gathering: {
    source: string
    state: string
    begun_at: number | null
    read_at: number | null
    failed_at: number | null
    why: string | null
    code: string | null
    next: Json | null
    delta: string | null
    delta_at: number | null
    rows: number
    calls: number
  }
  migration: { name: string; at: number; breaking: Flag }
}

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>
