import { sayPeople } from '../gates/say-people.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { Drift, Finding } from '../store/drift.ts'
import type { Member } from '../store/members.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Reader, Writer } from '../store/store.ts'
import { covers, readCover } from './covered-elsewhere.ts'
import { isDisarmed, readPolicy } from './drift-findings.ts'
import { findingName } from './drift-words.ts'
import { bareUnderPolicyOf, queueUnretireOf } from './unretire.ts'
import type { World } from './world.ts'

/** People of one wave whose per-user MFA we ended, and whom the policy does not ask as another hand left it. */
export interface Bare {
  wave: { id: string; rolloutId: string }
  members: Member[]
  /** Nobody of the wave is asked by it any more. */
  isWhole: boolean
}

/** The policy goes off with these, or somebody leaves it; what else may change leaves everybody under it. */
function mayLeaveBare({ object, property }: Pick<Finding, 'object' | 'property'>): boolean {
  if (object === 'group') return property === 'members.removed' || property === 'deleted'
  return object === 'policy' && /^(state|deleted|conditions\b|grantControls\b)/.test(property)
}

/** Whom what was found leaves with neither. Reads only; a disarm has seen to them by itself. @throws GraphFailure */
export async function leftBare(
  world: World,
  rollout: StoredRollout,
  findings: readonly Finding[],
  ask: Ask,
): Promise<Bare[]> {
  if (rollout.policyId === null || isDisarmed(rollout) || !findings.some(mayLeaveBare)) return []
  const retired = await bareUnderPolicyOf(world.store.read, rollout.id)
  if (retired.length === 0) return []
  const policy = await readPolicy(world, rollout.policyId, ask)
  const cover = policy && (await readCover(world, policy, ask))
  return retired.flatMap(({ wave, members }) => {
    const bare = members.filter(({ personId }) => !cover || !covers(cover, personId))
    return bare.length === 0 ? [] : [{ wave, members: bare, isWhole: bare.length === members.length }]
  })
}

/** Per-user MFA back ahead of all other work, whatever holds: giving back is never barred. */
export async function giveBack(
  writer: Writer,
  rolloutId: string,
  at: number,
  bare: readonly Bare[],
  findings: readonly Finding[],
): Promise<void> {
  const people = bare.flatMap(({ members }) => members)
  if (people.length === 0) return
  for (const { wave, members, isWhole } of bare) {
    const ids = members.map((member) => member.personId)
    await queueUnretireOf(writer, { rolloutId: wave.rolloutId, waveId: wave.id }, isWhole ? undefined : ids)
  }
  const data = {
    people: people.map((member) => member.personId),
    findings: [...new Set(findings.filter(mayLeaveBare).map(findingName))],
  }
  const reason = `${sayPeople(people.length)} without MFA until per-user MFA is read back`
  await writer.append({ at, rolloutId, type: 'crossing.bare', actor: 'wavegate', reason, data })
}

/** Who is still without MFA because of a finding that stands, by the name of the finding. */
export async function bareBy(
  read: Reader,
  rolloutId: string,
  open: readonly Drift[],
): Promise<ReadonlyMap<string, { personId: string; upn: string }[]>> {
  const last = await read.newestEvent(rolloutId, ['crossing.bare'])
  if (!last || open.length === 0) return new Map()
  const said = new Set(last.data['people'] as string[])
  const bare = (await bareUnderPolicyOf(read, rolloutId))
    .flatMap(({ members }) => members)
    .filter(({ personId }) => said.has(personId))
    .map(({ personId, upn }) => ({ personId, upn }))
  const names = (last.data['findings'] as string[]).filter((name) =>
    open.some((one) => findingName(one) === name && one.foundAt <= last.at),
  )
  return new Map(names.map((name) => [name, bare]))
}
