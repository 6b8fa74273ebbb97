import type { CompiledFilter, CompiledMembers } from '../plan/compiled-plan.ts'
import type { Exclusion } from './exclusion.ts'
import type { Cut } from './pick.ts'

/** Buckets `from` (included) to `to` (not included) belong to a wave that takes a share. */
export type Range = { from: number; to: number }

/** What a wave says of one person. */
export type Verdict =
  | { is: 'taken' }
  /** The wave was frozen with this person in it. */
  | { is: 'frozen' }
  /** The wave was frozen before this person could be in it. */
  | { is: 'frozenWithout' }
  /** Came too late for a frozen wave, and goes with the last open one. */
  | { is: 'late'; after: string }
  /** Came too late for a frozen wave, and this plan sends who is late to no open one. */
  | { is: 'notLate'; after: string }
  /** Kept back to be apart from a manager or a report, but no later wave takes this person. */
  | { is: 'putBack'; other: string }
  | { is: 'notInSource'; unmet?: CompiledFilter[number] }
  | { is: 'named'; wave: string }
  | { is: 'cut'; cut: Cut }

/** One link of the chain that leads a person into a wave, or into none. */
export type Reason =
  | { kind: 'notInDirectory' }
  | { kind: 'excluded'; reason: Exclusion }
  | { kind: 'bucket'; bucket: number; salt: string }
  | { kind: 'wave'; wave: string; rule: CompiledMembers; range?: Range; verdict: Verdict }
  | { kind: 'outside'; reason: 'notSelected' | 'departmentFull' }
