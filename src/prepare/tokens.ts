import type { Ask } from '../graph/directory/ask.ts'
import type { TokenReading } from '../graph/directory/hardware-tokens.ts'
import type { Change, Image } from '../methods/change.ts'
import type { NotWanted, Preparation, Resolved } from './preparation.ts'

/** What a list of tokens says of one person. */
export type TokenWish =
  | { is: 'token'; serial: string; isKept: boolean }
  | { is: 'unclear'; why: string }
  | { is: 'none' }

export interface TokensAsked {
  /** What the list says of each of these people. @throws GraphFailure when the directory could not be read */
  wishes(ids: readonly string[], ask: Ask): Promise<ReadonlyMap<string, TokenWish>>
  /** Whom of these the policy lets sign in by a hardware token. */
  allowed(ids: readonly string[], ask: Ask): Promise<ReadonlySet<string>>
  readTokens(serials: readonly string[], ask: Ask): Promise<ReadonlyMap<string, TokenReading>>
  /** How the change that is made of a wish reads. */
  wanted(serial: string): Image
  change(wanted: ReadonlyMap<string, Image>): Change
}

/** Each person’s token is theirs and active before it is in their hand. */
export function tokensPreparation(asked: TokensAsked): Preparation {
  return {
    step: 'tokens',
    change: asked.change,
    async resolve(ids, ask): Promise<Resolved> {
      const wishes = await asked.wishes(ids, ask)
      const named = ids.filter((id) => wishes.get(id)?.is === 'token')
      const allowed = await asked.allowed(named, ask)
      const serials = named.map((id) => serialOf(wishes.get(id)))
      const inventory = await asked.readTokens(serials, ask)
      const wanted = new Map<string, Image>()
      const others = new Map<string, NotWanted>()
      for (const id of ids) {
        const wish = wishes.get(id) ?? { is: 'none' }
        const other = otherThan(wish, id, allowed, inventory)
        if (other) others.set(id, other)
        else wanted.set(id, asked.wanted(serialOf(wish)))
      }
      return { wanted, others }
    },
  }
}

const NOT_ALLOWED =
  'the tenant’s policy of authentication methods lets this person sign in by no hardware token'

/** Why somebody gets no token; undefined: they get it. */
function otherThan(
  wish: TokenWish,
  id: string,
  allowed: ReadonlySet<string>,
  inventory: ReadonlyMap<string, TokenReading>,
): NotWanted | undefined {
  if (wish.is === 'none') return { outcome: 'skipped', reason: 'the list has no token for this person' }
  if (wish.is === 'unclear') return needs(wish.why)
  if (!allowed.has(id)) return needs(NOT_ALLOWED)
  const now = inventory.get(wish.serial) ?? { tokens: [] }
  if ('failure' in now) {
    const { kind, message } = now.failure
    // One number says nothing about the next; anything else is everybody's.
    if (kind !== 'notFound' && kind !== 'badRequest') throw now.failure
    return { outcome: 'failed', reason: `the inventory could not be read: ${message}` }
  }
  const isTheirs = now.tokens.some(({ holder }) => holder === id)
  if (!isTheirs && now.tokens.length > 0 && now.tokens.every(({ holder }) => holder !== null))
    return needs(`token ${wish.serial} is somebody else’s in the inventory`)
  const isActive = now.tokens.some(({ holder, status }) => holder === id && status === 'activated')
  if (!wish.isKept && !isActive)
    return needs(`the secret of token ${wish.serial} is not kept any more: send the list again`)
  return undefined
}

function serialOf(wish: TokenWish | undefined): string {
  return wish?.is === 'token' ? wish.serial : ''
}

function needs(reason: string): NotWanted {
  return { outcome: 'needs', reason }
}
