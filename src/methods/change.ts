import type { Ask, Receipt } from '../graph/directory/ask.ts'
import type { GraphFailure } from '../graph/errors.ts'

/** What the tenant shows of one person, as far as one kind of change goes; kept in the ledger as it was before. */
export type Image = Readonly<Record<string, string | boolean>>

/** Per person: what came of a call. */
export type Answers = ReadonlyMap<string, Receipt | GraphFailure>

/** Back as recorded, or stronger than recorded because Microsoft raised it meanwhile. */
export type Back = 'restored' | 'stronger'

/** One way to change people and to take it back: do and undo side by side. */
export interface Change {
  /** Names the effect in the ledger, for good. */
  effect: string
  /** What the effect is on: the id of a group, or the tenant. */
  target: string
  /** How the change reads in a reason: `in the group`, `under per-user MFA`. */
  says: string
  /** In order; the change is in place when the last has been read back. */
  stages: readonly string[]
  /** People in one call. */
  perCall: number
  /** People who go through the stages together: few where each is read by a call of their own, so that others need not wait. */
  together: number
  /** One that is refused keeps all of its call from being changed; halving finds it. */
  isAllOrNothing: boolean
  /**
   * What the tenant shows now, which may lag behind a write. A person who could not be read is there with the failure,
   * never with a guess. @throws GraphFailure when nobody could be read
   */
  read(ids: readonly string[], ask: Ask): Promise<ReadonlyMap<string, Image | GraphFailure>>
  reached(image: Image, stage: string): boolean
  /** @throws GraphFailure when the call as a whole failed: for each of them */
  apply(ids: readonly string[], stage: string, ask: Ask): Promise<Answers>
  /** To the recorded image. */
  restore(people: ReadonlyMap<string, Image>, ask: Ask): Promise<Answers>
  /** undefined: not as recorded. */
  back(now: Image, before: Image): Back | undefined
  /** Neither as recorded nor as this change left it: another hand was at it since, and it is left alone. */
  isForeign?(now: Image, before: Image): boolean
}

export function hasReached(change: Change, image: Image): boolean {
  return change.reached(image, change.stages.at(-1) ?? '')
}
