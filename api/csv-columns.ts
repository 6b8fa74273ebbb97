import type {
  EventView,
  FileRowView,
  FindingView,
  GateView,
  LeftOutView,
  LeftoverView,
  MemberView,
  PreviewedView,
  QuestionView,
  RolloutSummary,
} from '../src/service.ts'
import type { CsvColumns } from './csv.ts'

// Headers of people are those that our own reader takes: a list that went out comes in again.

export const MEMBERS: CsvColumns<MemberView> = [
  ['UserPrincipalName', (one) => one.upn],
  ['Name', (one) => one.displayName],
  ['Object id', (one) => one.personId],
  ['Outcome', (one) => one.outcome],
  ['Why', (one) => one.reason],
  ['Deferred', (one) => one.deferred],
  ['Deferred until', (one) => one.deferredUntil],
  ['Requested', (one) => one.requestedAt],
  ['In place', (one) => one.inPlaceAt],
  ['Proven', (one) => one.provenAt],
  ['Locked out', (one) => one.lockedOutAt],
  ['Locked out now', (one) => one.lockedOutNow],
  ['Restore', (one) => one.restore],
  ['Restore why', (one) => one.restoreReason],
  ['Restored', (one) => one.restoredAt],
  ['Left in, asked by', (one) => one.leftInBy],
  ['Readiness', (one) => one.readiness],
  ['Per-user MFA', (one) => one.perUserMfa],
  ['Per-user MFA why', (one) => one.perUserReason],
]

export const PREVIEW: CsvColumns<PreviewedView & { untouched: string | null }> = [
  ['UserPrincipalName', (one) => one.upn],
  ['Name', (one) => one.displayName],
  ['Object id', (one) => one.personId],
  ['Wave', (one) => one.wave],
  ['Verdict', (one) => one.verdict],
  ['Until', (one) => one.until],
  ['Why', (one) => one.why],
  ['By', (one) => one.source],
  ['Read', (one) => one.at],
  ['Never touched', (one) => one.untouched],
]

export const LEFT_OUT: CsvColumns<LeftOutView> = [
  ['UserPrincipalName', (one) => one.upn],
  ['Name', (one) => one.displayName],
  ['Object id', (one) => one.personId],
  ['Why', (one) => one.reason],
]

export const LEFTOVERS: CsvColumns<LeftoverView> = [
  ['UserPrincipalName', (one) => one.upn],
  ['Name', (one) => one.displayName],
  ['Object id', (one) => one.personId],
  ['Wave', (one) => one.wave],
  ['Why', (one) => one.reason],
]

export const QUESTIONS: CsvColumns<QuestionView> = [
  ['UserPrincipalName', (one) => one.upn],
  ['Name', (one) => one.displayName],
  ['Object id', (one) => one.personId],
  ['Question', (one) => one.id],
  ['State', (one) => one.state],
  ['To', (one) => one.owner?.upn],
  ['What', (one) => one.says],
  ['Asked', (one) => one.askedAt],
  ['Old programs', (one) => one.clients.map(({ client }) => client).join(', ')],
  ['Answer', (one) => one.answer?.is],
  ['Answered by', (one) => one.answer?.by],
  ['Said by', (one) => one.answer?.saidBy],
  ['Answered', (one) => one.answer?.at],
  ['Until', (one) => one.answer?.until],
  ['Why', (one) => one.answer?.reason],
]

export const DRIFT: CsvColumns<FindingView> = [
  ['Finding', (one) => one.finding],
  ['What', (one) => one.says],
  ['Found', (one) => one.foundAt],
  ['People', (one) => one.people.map(({ upn }) => upn).join(', ')],
  ['Barred', (one) => one.barred],
  ['Settled', (one) => one.settled?.how],
  ['Settled by', (one) => one.settled?.by],
  ['Settled at', (one) => one.settled?.at],
  ['Settled why', (one) => one.settled?.reason],
]

export const EVENTS: CsvColumns<EventView> = [
  ['Number', (one) => one.seq],
  ['At', (one) => one.at],
  ['Rollout', (one) => one.rollout],
  ['Wave', (one) => one.wave],
  ['Person', (one) => one.person],
  ['Type', (one) => one.type],
  ['Actor', (one) => one.actor],
  ['Reason', (one) => one.reason],
  ['Data', (one) => JSON.stringify(one.data)],
]

export const ROLLOUTS: CsvColumns<RolloutSummary> = [
  ['Id', (one) => one.id],
  ['Name', (one) => one.name],
  ['State', (one) => one.state],
  ['Phase', (one) => one.phase],
  ['Change', (one) => one.change],
  ['Plan hash', (one) => one.planHash],
  ['Created', (one) => one.createdAt],
  ['Created by', (one) => one.createdBy],
]

export const GATES: CsvColumns<GateView> = [
  ['Gate', (one) => one.gate],
  ['Verdict', (one) => one.verdict],
  ['Says', (one) => one.says],
  ['Read', (one) => one.at],
]

/** What became of each row of a file, and the row itself: a list to send to whoever keeps the numbers. */
export function fileRowColumns(headers: readonly string[]): CsvColumns<FileRowView> {
  return [
    ['Line', (one) => one.line],
    ['Became', (one) => one.status],
    ['Cause', (one) => one.cause],
    ['Why', (one) => one.why],
    ['Person', (one) => one.person?.upn],
    ['Person’s name', (one) => one.person?.displayName],
    ['Perhaps', (one) => one.perhaps.map(({ upn }) => upn).join(' or ')],
    ['Repaired column', (one) => one.repaired.map(({ column }) => column).join(' | ')],
    ['Old', (one) => one.repaired.map(({ from }) => from).join(' | ')],
    ['New', (one) => one.repaired.map(({ to }) => to).join(' | ')],
    ['Warnings', (one) => one.warns.join('; ')],
    ...headers.map((header) => [header, (one: FileRowView) => one.cells[header]] as const),
  ]
}
