import type { Ask } from '../graph/directory/ask.ts'
import type { PhoneReading } from '../graph/directory/phones.ts'
import type { Change, Image } from '../methods/change.ts'
import type { PhoneWish } from '../people/phone-wishes.ts'
import { maskedPhone, sayWarning } from '../people/phone-words.ts'
import type { NotWanted, Preparation, Resolved } from './preparation.ts'

export interface PhonesAsked {
  type: 'mobile' | 'office'
  onDifferent: 'keep' | 'replace'
  /** What each of some people may get. @throws GraphFailure when the directory could not be read */
  wishes(ask: Ask): Promise<ReadonlyMap<string, PhoneWish>>
  /** Whom of these the policy lets be asked by phone; `unclear`: an older policy may. */
  allowed(ids: readonly string[], ask: Ask): Promise<ReadonlyMap<string, 'yes' | 'no' | 'unclear'>>
  readPhones(ids: readonly string[], ask: Ask): Promise<ReadonlyMap<string, PhoneReading>>
  /** How the change that is made of a wish reads. */
  wanted(number: string, more: { replaces: boolean; isUsable: boolean; warns: string }): Image
  change(wanted: ReadonlyMap<string, Image>): Change
}

/** Each person's number is registered before anybody asks for it. */
export function phonesPreparation(asked: PhonesAsked): Preparation {
  return {
    step: 'phones',
    change: asked.change,
    async resolve(ids, ask): Promise<Resolved> {
      const wanted = new Map<string, Image>()
      const others = new Map<string, NotWanted>()
      const wishes = await asked.wishes(ask)
      const allowed = await asked.allowed(ids, ask)
      for (const id of ids) {
        const wish = wishes.get(id)
        if (wish?.is !== 'number') others.set(id, needs(wish?.why ?? 'not in the list of people'))
        else if (allowed.get(id) === 'no') others.set(id, needs(NOT_ALLOWED))
        else {
          const isUsable = allowed.get(id) === 'yes'
          const warns = wish.warns.map(sayWarning).join('; ')
          wanted.set(
            id,
            asked.wanted(wish.number, { replaces: asked.onDifferent === 'replace', isUsable, warns }),
          )
        }
      }
      if (asked.onDifferent === 'keep') await keepOthers(asked, wishes, wanted, others, ask)
      return { wanted, others }
    },
  }
}

const NOT_ALLOWED = 'the tenant’s policy of authentication methods lets this person be asked by no phone'

/** Where another number is registered it stays, and that is said; whoever cannot be read gets none. */
async function keepOthers(
  { type, readPhones }: PhonesAsked,
  wishes: ReadonlyMap<string, PhoneWish>,
  wanted: Map<string, Image>,
  others: Map<string, NotWanted>,
  ask: Ask,
): Promise<void> {
  const shown = await readPhones([...wanted.keys()], ask)
  for (const [id, one] of shown) {
    const wish = wishes.get(id)
    if ('failure' in one) {
      // One person says nothing about the next; anything else is everybody's.
      if (one.failure.kind !== 'notFound' && one.failure.kind !== 'forbidden') throw one.failure
      others.set(id, { outcome: 'failed', reason: `the numbers could not be read: ${one.failure.message}` })
    } else {
      const has = one.phones[type]
      if (has === undefined || (wish?.is === 'number' && bare(has) === bare(wish.number))) continue
      others.set(id, {
        outcome: 'skipped',
        reason: `keeps the number that is registered: ${maskedPhone(has)}`,
      })
    }
    wanted.delete(id)
  }
}

function needs(reason: string): NotWanted {
  return { outcome: 'needs', reason }
}

function bare(number: string): string {
  return number.replace(/\s/g, '').toLowerCase()
}
