import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import { type Finding, finding } from '../methods/policy-finding.ts'
import { secondFactors } from '../people/second-factor.ts'
import type { Member } from '../store/members.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { Reader } from '../store/store.ts'
import { refuse, type WaveJob } from './job.ts'
import { readStrength } from './policy-wanted.ts'
import type { World } from './world.ts'

/**
 * Whoever steers the rollout, in small letters: who made, started or approved it, and whoever has a token that can do
 * more than look. By user principal name or object id, as the token was made out.
 */
export async function operatorsOf(read: Reader, rollout: StoredRollout): Promise<Set<string>> {
  const waves = await read.wavesOf(rollout.id)
  const approvals = (await Promise.all(waves.map((wave) => read.approvals(wave.id)))).flat()
  const tokens = (await read.tokens()).filter((one) => one.revokedAt === null && one.role !== 'viewer')
  const people = [rollout.createdBy, rollout.startedBy, ...approvals.map((one) => one.person)]
  const known = [...people, ...tokens.map((one) => one.person)].flatMap((person) => person ?? [])
  return new Set(known.map((person) => person.toLowerCase()))
}

/** Nobody who has to steer or undo the change is kept out by it. Asked before each batch. @throws Refused */
export async function refuseUnreadyOperators(
  world: World,
  { rollout, plan }: WaveJob,
  going: readonly Member[],
  signal: AbortSignal,
): Promise<void> {
  const operators = await operatorsOf(world.store.read, rollout)
  const among = going.filter(
    ({ personId, upn }) => operators.has(personId.toLowerCase()) || operators.has(upn.toLowerCase()),
  )
  if (among.length === 0) return
  const ask: Ask = { lane: 'verify', signal }
  const strength = await readStrength(world, plan, ask)
  refuse(strength.findings)
  const found: Finding[] = []
  for (const { personId, upn } of among) {
    const why = await whyNotReady(world, personId, strength.asked, ask)
    if (why !== undefined) found.push(operatorFinding(upn, why))
  }
  refuse(found)
}

type Strength = Awaited<ReturnType<typeof readStrength>>['asked']

/** undefined: ready. Read for this person now: the report is hours behind. */
async function whyNotReady(
  { directory }: World,
  id: string,
  strength: Strength,
  ask: Ask,
): Promise<string | undefined> {
  try {
    const kinds = await directory.listMethodKinds(id, ask)
    if (secondFactors(kinds, strength).length > 0) return undefined
    const others = kinds.filter((kind) => kind !== 'password')
    return others.length === 0 ? 'has no second factor' : `has only ${others.join(', ')}, which is not enough`
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    if (error.kind !== 'forbidden' && error.kind !== 'notFound') throw error
    const permission = error.permission ? `; it needs the application permission ${error.permission}` : ''
    return `may have no second factor: what is registered could not be read (${error.message}${permission})`
  }
}

function operatorFinding(upn: string, why: string): Finding {
  const message = `${upn} steers this rollout, is in this batch, and ${why}: the change would keep them out.`
  const hint =
    'They register one first; or defer them by name (person defer), and let somebody else keep the way back. Then resume.'
  return finding('operatorNotReady', message, hint)
}
