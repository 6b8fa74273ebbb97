import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import { type Case, type Entry, isByUs, ourPolicies } from './case.ts'
import { coveredBy, type Snapshot } from './snapshot.ts'

export interface PolicyChange {
  entry: Entry
  policyId: string
  before: ConditionalAccessPolicy | null
  after: ConditionalAccessPolicy | null
  /** People the policy demands MFA of from here on, and those it lets go. */
  caught: string[]
  freed: string[]
}

const POLICY = /^identity\/conditionalAccess\/policies\/([^/]+)$/
const MEMBER = /^groups\/([^/]+)\/members\/([^/]+)$/

/** Every change of ours to a policy of ours, with whom it covered in the groups as they were at that moment. */
export function policyChanges({
  before,
  journal,
  records,
}: Omit<Case, 'after' | 'untouchable'>): PolicyChange[] {
  const ours = ourPolicies(records)
  const groups: Snapshot['groups'] = new Map(
    [...before.groups].map(([id, members]) => [id, new Set(members)]),
  )
  const changes: PolicyChange[] = []
  for (const entry of journal) {
    const [, groupId, member] = MEMBER.exec(entry.target) ?? []
    if (groupId !== undefined && member !== undefined) {
      const members = groups.get(groupId) ?? new Set()
      groups.set(groupId, members)
      if ((entry.after as { member: boolean }).member) members.add(member)
      else members.delete(member)
    }
    const policyId = POLICY.exec(entry.target)?.[1]
    if (policyId === undefined || !ours.has(policyId) || !isByUs(entry)) continue
    const was = entry.before as ConditionalAccessPolicy | null
    const is = entry.after as ConditionalAccessPolicy | null
    const everybody = [...before.people.keys()]
    const earlier = coveredBy(was, groups, everybody)
    const later = coveredBy(is, groups, everybody)
    const caught = [...later].filter((id) => !earlier.has(id))
    const freed = [...earlier].filter((id) => !later.has(id))
    changes.push({ entry, policyId, before: was, after: is, caught, freed })
  }
  return changes
}
