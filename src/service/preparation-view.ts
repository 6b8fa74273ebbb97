import { z } from 'zod'
import type { WaveContext } from '../../machines/language.ts'
import { PREPARE_OUTCOMES } from '../store/preparation.ts'
import type { Reader } from '../store/store.ts'
import { NoticesOfWave, noticeCounts } from './notices-view.ts'

const Time = z.iso.datetime()

/** What was done to a wave's people before the switch, and what the wave waits for on that account. */
export const PreparationOfWave = z.object({
  ahead: z.boolean().describe('begun before its turn: it is prepared, and goes no further'),
  notBefore: Time.nullable().describe('nobody of it is changed before'),
  prepared: z
    .array(
      z.object({
        step: z.string(),
        outcome: z.enum(PREPARE_OUTCOMES),
        people: z.int(),
        warned: z.int().describe('of them, those whose number has a warning; their cards say which'),
      }),
    )
    .describe('how many people have which outcome, step by step; needs: a person has to look'),
  notices: NoticesOfWave.describe('mails of the wave by what came of them; null: none are planned'),
})
export type PreparationOfWave = z.infer<typeof PreparationOfWave>

/** One step of one person's preparation. */
export const PreparationOfPerson = z.object({
  step: z.string(),
  outcome: z.enum(PREPARE_OUTCOMES),
  reason: z.string().nullable(),
  at: Time,
  warns: z
    .string()
    .nullable()
    .describe('what has to be known of the number: a landline, a region to ask for at Microsoft, …'),
  restore: z.string().nullable().describe('how taking it back ended; null: nobody asked'),
  restoreReason: z.string().nullable(),
})
export type PreparationOfPerson = z.infer<typeof PreparationOfPerson>

export async function preparationOfWave(
  read: Reader,
  waveId: string,
  { ahead, notBefore }: WaveContext,
): Promise<PreparationOfWave> {
  return {
    ahead: ahead === true,
    notBefore: notBefore === undefined ? null : new Date(notBefore).toISOString(),
    prepared: await read.preparationCounts(waveId),
    notices: noticeCounts(await read.noticeCounts(waveId)),
  }
}

export function sayPrepared({ prepared }: PreparationOfWave): string {
  const steps = Map.groupBy(prepared, ({ step }) => step)
  return [...steps].map(([step, all]) => `${step}: ${all.map(sayCount).join(', ')}`).join('; ')
}

function sayCount({ outcome, people, warned }: PreparationOfWave['prepared'][number]): string {
  return `${people} ${sayPrepareOutcome(outcome, people)}${warned === 0 ? '' : ` (${warned} with a warning)`}`
}

/** What came of a step for so many people. */
export function sayPrepareOutcome(outcome: PreparationOfPerson['outcome'], people: number): string {
  if (outcome !== 'needs') return outcome
  return people === 1 ? 'needs a person to look' : 'need a person to look'
}
