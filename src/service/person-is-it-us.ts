import { z } from 'zod'
import { demandOf } from '../engine/job.ts'
import { planOf } from '../engine/plan-of.ts'
import type { World } from '../engine/world.ts'
import { MECHANISMS } from '../gates/askers.ts'
import { isItUs, type LogLine } from '../gates/is-it-us.ts'
import { sayIsItUs } from '../gates/say-is-it-us.ts'
import { signInSchema } from '../gates/sign-in.ts'
import { plannedWave } from '../plan/planned-wave.ts'
import type { Member } from '../store/members.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import { time } from './views.ts'

const LineView = z.object({
  at: z.iso.datetime(),
  code: z.int().describe('AADSTS code; 0 is a success'),
  says: z.string(),
  app: z.string().nullable(),
})

export const IsItUsView = z.object({
  isUs: z.boolean().nullable().describe('null: cannot be told'),
  outcome: z.enum(['refused', 'asked', 'passed', 'unknown']),
  by: z.enum([...MECHANISMS, 'nobody', 'unknown']),
  why: z.string().nullable().describe('why it cannot be told'),
  policy: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  says: z.string(),
  remedy: z.string(),
  lines: z.array(LineView).describe('the newest lines of the sign-in log, newest first'),
})
export type IsItUsView = z.infer<typeof IsItUsView>

/** Who asked this member for MFA, or refused them, by the sign-ins that are on record. */
export async function isItUsView(world: World, rollout: StoredRollout, member: Member): Promise<IsItUsView> {
  const { read } = world.store
  const rows = (await read.signInsOf([member.personId], 0)).get(member.personId) ?? []
  const intake = await read.lastIntake()
  const found = isItUs({
    rows: rows.map((row) => signInSchema.parse(row)),
    ours: await demandsOf(world, rollout, member),
    // What an earlier rollout read says nothing about somebody who was never changed.
    intake: member.requestedAt === null ? undefined : intake?.outcome,
  })
  const { isUs, outcome, by, why, policy } = found
  return { isUs, outcome, by, why, policy, ...sayIsItUs(found), lines: found.lines.map(lineView) }
}

function lineView({ at, ...line }: LogLine): IsItUsView['lines'][number] {
  return { at: time(at), ...line }
}

async function demandsOf(world: World, rollout: StoredRollout, member: Member): Promise<string[]> {
  const wave = await world.store.read.wave(member.waveId)
  const planned = wave && plannedWave(planOf(rollout), wave.position)
  const demand = planned && demandOf(rollout, planned)
  return demand ? [demand] : []
}
