/** What only an owner knows of an account; evidence and answer hold JSON text. */
export interface QuestionRow {
  id: string
  person_id: string
  kind: string
  owner_id: string | null
  says: string
  evidence: string
  asked_at: number
  withdrawn_at: number | null
  answer: string | null
}
