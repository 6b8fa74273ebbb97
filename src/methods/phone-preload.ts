import type { Ask } from '../graph/directory/ask.ts'
import type { Directory } from '../graph/directory/directory.ts'
import type { PhoneChange, PhoneReading, PhoneType } from '../graph/directory/phones.ts'
import type { GraphFailure } from '../graph/errors.ts'
import type { Answers, Change, Image } from './change.ts'

/** Names the effect in the ledger, for good. */
export const PHONE_PRELOAD = { effect: 'phonePreloaded' } as const

const TYPES = ['mobile', 'alternateMobile', 'office'] as const satisfies readonly PhoneType[]

/** The number somebody is to get, whether another one gives way to it, and whether the tenant lets them use it. */
export function wantedPhone(
  number: string,
  { replaces, isUsable = true, warns = '' }: { replaces: boolean; isUsable?: boolean; warns?: string },
): Image {
  return { wanted: number, replaces, isUsable, warns }
}

function wantedNumber(image: Image | undefined): string | undefined {
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
    for (const [id, image] of images) if (isImage(image)) seen.set(id, image)
    return images
  }

  const hasNow = (id: string) => (seen.get(id)?.[type] ?? '') !== ''

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
      const changes = ids.flatMap((id): PhoneChange[] => {
        const number = wantedNumber(wanted.get(id))
        // Where another number is to be kept, Microsoft itself refuses to make ours beside it.
        const replaces = wanted.get(id)?.['replaces'] === true && hasNow(id)
        return number === undefined ? [] : [{ id, type, number, replaces }]
      })
      return directory.setPhones(changes, ask)
    },
    /** A number of ours goes; one that gave way comes back. */
    async restore(people, ask): Promise<Answers> {
      const unseen = [...people.keys()].filter((id) => !seen.has(id))
      if (unseen.length > 0) await read(unseen, ask)
      const changes = [...people].map(([id, before]): PhoneChange => {
        const number = typeof before[type] === 'string' && before[type] !== '' ? before[type] : null
        return { id, type, number, replaces: number !== null && hasNow(id) }
      })
      return directory.setPhones(changes, ask)
    },
    back: (now, before) => (isSame(now[type], before[type]) ? 'restored' : undefined),
    isForeign: (now, before) =>
      now['isWanted'] !== true && !isSame(now[type], before['wanted']) && !isSame(now[type], before[type]),
  }
}

function imageOf(one: PhoneReading, type: PhoneType, wanted: string | undefined): Image | GraphFailure {
  if ('failure' in one) return one.failure
  const numbers = Object.fromEntries(TYPES.map((each) => [each, one.phones[each] ?? '']))
  if (wanted === undefined) return { ...numbers, isWanted: false }
  return { ...numbers, wanted, isWanted: isSame(one.phones[type], wanted) }
}

function isImage(image: Image | GraphFailure): image is Image {
  return !(image instanceof Error)
}

/** Microsoft shows a blank behind the country's code, wherever it was sent. */
function isSame(one: Image[string] | undefined, other: Image[string] | undefined): boolean {
  const [first, second] = [one, other].map((value) =>
    String(value ?? '')
      .replace(/\s/g, '')
      .toLowerCase(),
  )
  return first === second
}
