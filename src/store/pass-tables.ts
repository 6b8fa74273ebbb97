import type { Generated } from 'kysely'

/** Passes that were asked for and sessions that were ended; a part of the tables. */
export interface PassTables {
  access_pass: {
    id: Generated<number>
    person_id: string
    rollout_id: string | null
    asked_by: string
    asked_at: number
    reason: string
    confirmed_by: string | null
    confirmed_at: number | null
    replaces: string | null
    sent_at: number | null
    answer: string | null
    answered_at: number | null
    pass_id: string | null
    request_id: string | null
    client_request_id: string | null
  }
  session_revocation: {
    rollout_id: string
    person_id: string
    wave_id: string
    outcome: string
    reason: string | null
    at: number
  }
}
