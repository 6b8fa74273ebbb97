/** One notice to one person in a wave. */
export interface NoticeRow {
  rollout_id: string
  wave_id: string
  person_id: string
  notice: string
  moment: string
  lead_ms: number
  is_first: 0 | 1
  is_last: 0 | 1
  state: string
  reason: string | null
  address: string | null
  language: string | null
  says_at: number | null
  asked_at: number | null
  at: number | null
  request_id: string | null
}
