import type { World } from '../engine/world.ts'
import type { Writer } from '../store/store.ts'
import type { Caller, StoredAnswer } from './contract.ts'
import type { VerbAnswer } from './views.ts'

/** The Idempotency-Key of a call, and whether its answer is on record. */
export interface Keep {
  key: string
  /** Hash of the request, so that the key is not used for another. */
  request: string
  /** What is kept of an answer that is given once only. */
  kept: (answer: StoredAnswer) => StoredAnswer
  isKept: boolean
}

/**
 * Puts the answer on record in the transaction of the act: after a crash between the two the same call again would act
 * a second time.
 */
export async function keepIn(
  writer: Writer,
  world: World,
  caller: Caller,
  keep: Keep | undefined,
  answer: StoredAnswer,
): Promise<void> {
  if (!keep) return
  const { status, body } = keep.kept(answer)
  await writer.rememberAnswer({
    actor: caller.person,
    key: keep.key,
    request: keep.request,
    status,
    body: JSON.stringify(body),
    at: world.clock.now(),
  })
  keep.isKept = true
}

/** 202: the change was taken and work goes on. 200: nothing changed, a dry run, or a pass that is there. */
export function statusOf(answer: Pick<VerbAnswer, 'changed' | 'dryRun' | 'pass'>): number {
  return answer.changed && !answer.dryRun && !answer.pass ? 202 : 200
}

/** `keepIn` for the answer to a verb; gives it back. */
export async function keepVerb(
  writer: Writer,
  world: World,
  { caller, keep }: { caller: Caller; keep: Keep | undefined },
  answer: VerbAnswer,
): Promise<VerbAnswer> {
  await keepIn(writer, world, caller, keep, { status: statusOf(answer), body: answer })
  return answer
}

/** The same world, seen from inside a transaction. */
export function within(world: World, writer: Writer): World {
  return { ...world, store: { ...world.store, read: writer } }
}
