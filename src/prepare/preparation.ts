import type { Ask } from '../graph/directory/ask.ts'
import type { Change, Image } from '../methods/change.ts'

/** The name of a step in the plan, in the store and in every answer. */
export type PrepareStep = 'phones' | 'tokens'

/** What comes of somebody who gets nothing; `needs`: a person has to look, and the reason says at what. */
export interface NotWanted {
  outcome: 'already' | 'skipped' | 'failed' | 'gone' | 'needs'
  reason: string
}

/** What each of some people is to get, as the change shows it; or why they get nothing. Everybody is in one of the two. */
export interface Resolved {
  wanted: ReadonlyMap<string, Image>
  others: ReadonlyMap<string, NotWanted>
}

/** One thing that is done to people before the switch. */
export interface Preparation {
  step: PrepareStep
  /**
   * What each member is to get, or why not; reads what it must (facts, file, tenant). What is wanted is kept with the
   * outcome until it is undone, so it holds no secret. @throws GraphFailure when nobody could be judged
   */
  resolve(ids: readonly string[], ask: Ask): Promise<Resolved>
  /**
   * The change that brings it about; the engine does before-image, intent, read-back and undo. `reached`, `back` and
   * `isForeign` are shown an image alone, so that `read` puts into each image whether it is as wanted of that person.
   */
  change(wanted: ReadonlyMap<string, Image>): Change
}
