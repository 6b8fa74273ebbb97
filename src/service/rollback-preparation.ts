import type { World } from '../engine/world.ts'
import type { Member } from '../store/members.ts'
import type { Prepared } from '../store/preparation.ts'
import type { Reader } from '../store/store.ts'
import type { Situation } from './act.ts'
import type { VerbCall } from './contract.ts'

/** Of these people, who was prepared so that something of it may be taken back still. */
export async function stillPrepared(
  read: Reader,
  rolloutId: string,
  members: readonly Member[],
): Promise<Map<string, Prepared[]>> {
  const rows = await read.preparations(
    rolloutId,
    members.map((member) => member.personId),
  )
  const open = rows.filter(
    ({ wanted, outcome, restore }) =>
      wanted !== null && outcome !== 'already' && (restore === null || isOpen(restore)),
  )
  return Map.groupBy(open, (row) => row.personId)
}

const TOKENS_STAY =
  'A token that was active is its person’s no more and stays in the tenant’s inventory: its secret was wiped, so nobody could put it there again.'

function isOpen(restore: string): boolean {
  return restore === 'unknown' || restore === 'failed'
}

/** What a rollback does to whatever was done before the switch: it stays, unless it is asked for. */
export async function sayPreparation(
  world: World,
  { call, rollout, wave }: Pick<Situation, 'call' | 'rollout' | 'wave'>,
  people?: readonly Member[],
): Promise<string[]> {
  if (call.verb !== 'rollback') return []
  const { read } = world.store
  const all = wave ? await read.membersOf(wave.id) : await read.membersOfRollout(rollout.id)
  const prepared = await stillPrepared(read, rollout.id, people ?? all)
  if (prepared.size === 0) return []
  const rows = [...prepared.values()].flat()
  const hasTokens = rows.some(({ step }) => step === 'tokens')
  const steps = [...new Set(rows.map(({ step }) => step))].join(' and ')
  const whose = prepared.size === 1 ? '1 person' : `${prepared.size} people`
  return [
    call.withPreparation
      ? `Then the ${steps} of ${whose} go back too, newest first: what is ours and nobody has changed since.`
      : `The ${steps} of ${whose} stay, since people use them by now; with preparation they go back too.`,
    ...(call.withPreparation && hasTokens ? [TOKENS_STAY] : []),
  ]
}

/** For the order of a rollback. */
export function withPreparation(call: VerbCall): { withPreparation?: true } {
  return call.withPreparation ? { withPreparation: true } : {}
}
