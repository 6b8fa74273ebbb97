import type { Ask } from '../graph/directory/ask.ts'
import type { Directory } from '../graph/directory/directory.ts'
import {
  isSameNumber,
  type PhoneChange,
  type PhoneReading,
  type PhoneType,
} from '../graph/directory/phones.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Answers, Change, Image } from './change.ts'

/** Names the effect in the ledger, for good. */
export const PHONE_PRELOAD = { effect: 'phonePreloaded' } as const

const TYPES = ['mobile', 'alternateMobile', 'office'] as const satisfies readonly PhoneType[]

/** The number somebody is to get. */
export function wantedPhone(number: string): Image {
  return { wanted: number }
}

export function wantedNumber(image: Image | undefined): string | undefined {
  return typeof image?.['wanted'] === 'string' ? image['wanted'] : undefined
}

/**
 * People get a number to be asked by before they are asked. An image holds all the numbers there are, `''` for none, the
 * number that is wanted, and whether it is there: so what we set is on record with what was there before.
 */
export function phonePreload(
  directory: Directory,
  type: PhoneType,
  wanted: ReadonlyMap<string, Image>,
): Change {
  // Whether a number gives way to ours or ours is the first is a call of another kind; the engine reads before each.
  const seen = new Map<string, Image>()

  async function read(ids: readonly string[], ask: Ask): Promise<Map<string, Image | GraphFailure>> {
    const shown = await directory.readPhones(ids, ask)
    const images = new Map(
      [...shown].map(([id, one]) => [id, imageOf(one, type, wantedNumber(wanted.get(id)))]),
    )
    for (const [id, image] of images) if (!(image instanceof GraphFailure)) seen.set(id, image)
    return images
  }

  const changeOf = (id: string, number: string | null): PhoneChange => {
    const has = seen.get(id)?.[type] ?? ''
    return { id, type, number, replaces: has !== '' && number !== null }
  }

  return {
    effect: PHONE_PRELOAD.effect,
    target: type,
    says: 'with a number to be asked by',
    stages: ['registered'],
    perCall: 20,
    together: 20,
    isAllOrNothing: false,
    read,
    reached: (image) => image['isWanted'] === true,
    async apply(ids, _stage, ask) {
      const changes = ids.flatMap((id) => {
        const number = wantedNumber(wanted.get(id))
        return number === undefined ? [] : [changeOf(id, number)]
      })
      return directory.setPhones(changes, ask)
    },
    /** A number of ours goes; one that gave way comes back. */
    async restore(people, ask): Promise<Answers> {
      const unseen = [...people.keys()].filter((id) => !seen.has(id))
      if (unseen.length > 0) await read(unseen, ask)
      const changes = [...people].map(([id, before]) => {
        const number = before[type]
        return changeOf(id, typeof number === 'string' && number !== '' ? number : null)
      })
      return saidOfDefaults(await directory.setPhones(changes, ask), changes)
    },
    back: (now, before) => (isSame(now[type], before[type]) ? 'restored' : undefined),
    isForeign: (now, before) =>
      now['isWanted'] !== true && !isSame(now[type], before['wanted']) && !isSame(now[type], before[type]),
  }
}

/** Microsoft takes away no number that somebody is asked by first, and no mobile beside an alternate one. */
function saidOfDefaults(answers: Answers, changes: readonly PhoneChange[]): Answers {
  const deleted = new Set(changes.filter(({ number }) => number === null).map(({ id }) => id))
  return new Map(
    [...answers].map(([id, answer]) => {
      if (!deleted.has(id) || !(answer instanceof GraphFailure) || answer.kind !== 'badRequest')
        return [id, answer]
      const message = `Microsoft does not take the number away: the person is asked by it first, or has an alternate number beside it (${answer.message})`
      const { kind, status, code, requestId, clientRequestId } = answer
      return [
        id,
        new GraphFailure({ kind, message, status, code, requestId, clientRequestId, cause: answer }),
      ]
    }),
  )
}

function imageOf(one: PhoneReading, type: PhoneType, wanted: string | undefined): Image | GraphFailure {
  if ('failure' in one) return one.failure
  const numbers = Object.fromEntries(TYPES.map((each) => [each, one.phones[each] ?? '']))
  if (wanted === undefined) return { ...numbers, isWanted: false }
  return { ...numbers, wanted, isWanted: isSameNumber(one.phones[type], wanted) }
}

function isSame(one: Image[string] | undefined, other: Image[string] | undefined): boolean {
  const [first, second] = [one, other].map((value) => (typeof value === 'string' ? value : ''))
  return first === second || isSameNumber(first, second)
}
