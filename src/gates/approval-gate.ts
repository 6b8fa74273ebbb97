import type { CompiledGates } from '../plan/compiled-plan.ts'
import { type Asked, evidenceOf, failed, type GateResult, passed, unknown } from './gate-result.ts'

export type ApprovalState =
  | { state: 'waiting'; given: readonly string[] }
  | { state: 'approved'; by: string }
  | { state: 'rejected'; by: string }

/** Has somebody other than the requester said yes? Who may answer is checked where the answer comes in. */
export function approvalGate(input: {
  rule: CompiledGates['approval']
  answer: ApprovalState
  asked: Asked
}): GateResult {
  const { rule, answer, asked } = input
  if (rule.from === 'none') {
    const evidence = evidenceOf(asked, {
      value: null,
      threshold: null,
      unit: 'none',
      n: 0,
      rule: `no approval: ${rule.reason}`,
    })
    return passed('approval', `No approval is asked for: ${rule.reason}`, evidence)
  }
  const evidence = evidenceOf(asked, {
    value: answer.state === 'approved' ? rule.quorum : answer.state === 'waiting' ? answer.given.length : 0,
    threshold: rule.quorum,
    unit: 'people',
    n: rule.quorum,
    rule: rule.quorum === 1 ? 'one approver says yes' : `${rule.quorum} different approvers say yes`,
  })
  switch (answer.state) {
    case 'waiting':
      return unknown('approval', 'undecided', sayWaiting(rule.quorum, answer.given), evidence)
    case 'approved':
      return passed('approval', `Approved by ${answer.by}`, evidence)
    case 'rejected':
      return failed('approval', `Rejected by ${answer.by}`, evidence)
    default:
      return answer satisfies never
  }
}

function sayWaiting(quorum: number, given: readonly string[]): string {
  if (given.length === 0) return 'No approver has answered'
  return `${given.length} of ${quorum} approvers have said yes: ${given.join(', ')}`
}
