import { expect } from 'vitest'
import { GROUP } from './plan-of-waves.ts'
import type { Rig } from './rig.ts'

interface Users {
  includeUsers?: string[]
  includeGroups?: string[]
}
interface Body {
  state?: string
  conditions?: { users?: Users }
}

/** From the ledger's own events: when somebody's wave began to enforce, and when somebody was adopted by name. */
async function allowedSince(rig: Rig, rollout: string): Promise<Map<string, number>> {
  const since = new Map<string, number>()
  const members = await rig.wavegate.store.read.membersOfRollout(rollout)
  const waves = new Map((await rig.wavegate.store.read.wavesOf(rollout)).map((wave) => [wave.id, wave]))
  for (const { personId, waveId } of members) {
    const begun = waves.get(waveId)?.enforcingAt
    if (begun) since.set(personId, begun)
  }
  for (const event of rig.events.filter((one) => one.type === 'members.adopted'))
    for (const person of (event.data as { people: string[] }).people) since.set(person, event.at)
  return since
}

/**
 * The journal as the judge: whenever our application switched a policy on, or changed the body of one that is on,
 * everybody in the group at that moment was in a wave that had begun to enforce, or adopted by name; and it never
 * named anybody but the group. Answers with how often it looked.
 */
export async function expectNobodyElseCovered(rig: Rig, rollout: string): Promise<number> {
  const allowed = await allowedSince(rig, rollout)
  const group = rig.tenant.world.group(GROUP).id
  const prefix = `groups/${group}/members/`
  const inside = new Set<string>()
  let looked = 0
  for (const { target, actor, at, after, requestId } of rig.tenant.world.journal.entries) {
    if (target.startsWith(prefix)) {
      const person = target.slice(prefix.length)
      if ((after as { member: boolean } | null)?.member) inside.add(person)
      else inside.delete(person)
    }
    const body = after as Body | null
    const isPolicy = target.startsWith('identity/conditionalAccess/policies/')
    if (!isPolicy || actor !== 'app' || body?.state !== 'enabled') continue
    looked += 1
    const users = body.conditions?.users
    expect(users?.includeGroups, requestId).toEqual([group])
    expect(users?.includeUsers ?? [], requestId).toEqual([])
    const foreign = [...inside].filter((id) => !((allowed.get(id) ?? Infinity) <= Date.parse(at)))
    expect(foreign, `covered at ${at} by ${requestId}`).toEqual([])
  }
  return looked
}
