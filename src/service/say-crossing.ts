import { sayPeople } from '../gates/say-people.ts'
import type { Member } from '../store/members.ts'
import type { StoredWave } from '../store/rollouts.ts'
import type { Reader } from '../store/store.ts'

/** As many names as fit a line. */
const NAMED = 10

const SAYS: Record<string, string> = {
  notProven: 'never proven',
  protected: 'protected',
  directoryRole: 'they hold a directory role',
  directoryRoleUnknown: 'whether they hold a directory role is not known',
  notInGroup: 'not in the group',
  notCovered: 'the policy leaves them out',
  takenAsIs: 'switched on again by another hand, and accepted so',
}

/** In words, by name: whose per-user MFA went off in a wave, who keeps it and why, and what does not go on. */
export async function sayCrossing(read: Reader, wave: StoredWave): Promise<string[]> {
  const members = await read.openCrossings(wave.id)
  const { perUserRetired } = await read.counts(wave.id)
  const lines = perUserRetired > 0 ? [`  Per-user MFA went off for ${sayPeople(perUserRetired)}.`] : []
  for (const [reason, people] of byReason(members, 'keeps')) {
    const verb = people.length === 1 ? 'keeps' : 'keep'
    const why = SAYS[reason] ?? reason
    lines.push(`  ${sayPeople(people.length)} ${verb} per-user MFA: ${why} (${names(people)}).`)
  }
  for (const mark of ['failed', 'unknown'] as const) {
    for (const [reason, people] of byReason(members, mark))
      lines.push(`  Per-user MFA of ${names(people)} is ${mark}: ${reason}.`)
  }
  const last = await read.newestEvent(
    wave.rolloutId,
    ['crossing.waits', 'crossing.failed', 'members.retired'],
    wave.id,
  )
  if (last?.type.startsWith('crossing.')) lines.push(`  The end of per-user MFA waits: ${last.reason}.`)
  return lines
}

function byReason(members: readonly Member[], mark: Member['perUserMfa']): Map<string, Member[]> {
  return Map.groupBy(
    members.filter((member) => member.perUserMfa === mark),
    (member) => member.perUserReason ?? '',
  )
}

function names(people: readonly Member[]): string {
  const some = people.slice(0, NAMED).map((one) => one.upn)
  return [...some, ...(people.length > NAMED ? [`and ${people.length - NAMED} more`] : [])].join(', ')
}
