import type { CompiledGates } from '../plan/compiled-plan.ts'
import { type Asked, evidenceOf, failed, type GateResult, passed, unknown } from './gate-result.ts'

export type ApprovalState =
  | { state: 'waiting' }
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
    value: answer.state === 'approved' ? 1 : 0,
    threshold: 1,
    unit: 'people',
    n: 1,
    rule: 'one approver says yes',
  })
  switch (answer.state) {
    case 'waiting':
      return unknown('approval', 'undecided', 'No approver has answered', evidence)
    case 'approved':
      return passed('approval', `Approved by ${answer.by}`, evidence)
    case 'rejected':
      return failed('approval', `Rejected by ${answer.by}`, evidence)
    default:
      return answer satisfies never
  }
}
