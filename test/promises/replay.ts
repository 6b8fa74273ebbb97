import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import { type Case, type Entry, exceptionsGroups, isByUs, ourPolicies } from './case.ts'
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

/**
 * Every change of ours to a policy of ours, or to the people it leaves out, with whom it covered in the groups as they
 * were at that moment.
 */
export function policyChanges({
  before,
  journal,
  records,
}: Omit<Case, 'after' | 'untouchable'>): PolicyChange[] {
  const ours = ourPolicies(records)
  const groups: Snapshot['groups'] = new Map(
    [...before.groups].map(([id, members]) => [id, new Set(members)]),
  )
  const out = exceptionsGroups(records)
  const bodies = new Map<string, ConditionalAccessPolicy | null>(
    [...before.policies].filter(([id]) => ours.has(id)),
  )
  const everybody = [...before.people.keys()]
  const guests = everybody.filter((id) => before.people.get(id)?.isGuest)
  const covered = (body: ConditionalAccessPolicy | null) => coveredBy(body, groups, everybody, guests)
  const changes: PolicyChange[] = []
  for (const entry of journal) {
    const [, groupId, member] = MEMBER.exec(entry.target) ?? []
    if (groupId !== undefined && member !== undefined) {
      const members = groups.get(groupId) ?? new Set()
      groups.set(groupId, members)
      const isOut = out.has(groupId) && isByUs(entry)
      const earlier = isOut ? [...bodies].map(([id, body]) => [id, body, covered(body)] as const) : []
      if ((entry.after as { member: boolean }).member) members.add(member)
      else members.delete(member)
      for (const [id, body, was] of earlier) {
        const is = covered(body)
        const [caught, freed] = [
          [...is].filter((one) => !was.has(one)),
          [...was].filter((one) => !is.has(one)),
        ]
        if (caught.length + freed.length > 0)
          changes.push({ entry, policyId: id, before: body, after: body, caught, freed })
      }
    }
    const policyId = POLICY.exec(entry.target)?.[1]
    if (policyId === undefined || !ours.has(policyId)) continue
    bodies.set(policyId, entry.after as ConditionalAccessPolicy | null)
    if (!isByUs(entry)) continue
    const was = entry.before as ConditionalAccessPolicy | null
    const is = entry.after as ConditionalAccessPolicy | null
    const earlier = covered(was)
    const later = covered(is)
    const caught = [...later].filter((id) => !earlier.has(id))
    const freed = [...earlier].filter((id) => !later.has(id))
    changes.push({ entry, policyId, before: was, after: is, caught, freed })
  }
  return changes
}
