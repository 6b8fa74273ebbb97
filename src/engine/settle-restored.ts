import type { Change } from '../methods/change.ts'
import { PER_USER_MFA_RETIRED } from '../methods/per-user-mfa.ts'
import type { BeforeImage } from '../store/ledger.ts'
import type { Member, Restore } from '../store/members.ts'
import type { Writer } from '../store/store.ts'
import type { World } from './world.ts'

/** People of one rollout who are to be put back to what the ledger recorded before our first change. */
export interface Restoring {
  world: World
  rolloutId: string
  /** In the order in which they are undone; the last one takes people out of MFA. */
  changes: readonly Change[]
  /** After whatever people are given back was read back, and before the first of them leaves: answers with who may. */
  beforeLeaving?: (people: readonly Member[], notes: Map<string, string>) => Promise<readonly Member[]>
  /** Who asked for it. */
  by: string
  /** Tells the outcome on the people where they are given something back and stay; absent: they are taken out. */
  tell?: (writer: Writer, told: Told) => Promise<void>
  /** Nobody is left in for a second person: they are out of MFA already, or stay. */
  isOfEverybody?: boolean
  /** Something goes before what is still waited for: who is not read back by then is `unknown`. */
  isWantedElsewhere?: () => Promise<boolean>
  signal: AbortSignal
}

export interface Told {
  at: number
  people: readonly string[]
  restore: Restore
  reason: string
}

/** One change being undone. */
export interface Settling extends Restoring {
  change: Change
  isLast: boolean
  images: ReadonlyMap<string, BeforeImage>
  /** Who may be taken on to the next change. */
  through: Set<string>
  /** Whom another hand changed in an earlier way, and who was left so. */
  conflicts: Set<string>
  /** What is to be said of a person beside the outcome, across the changes. */
  notes: Map<string, string>
}

/** The outcome, and the end of the before-image once it has been reached. */
export async function settle(
  settling: Settling,
  ids: readonly string[],
  restore: Restore,
  reason: string,
): Promise<void> {
  for (const [said, group] of byNote(settling, ids, reason)) await write(settling, group, restore, said)
}

function byNote({ notes }: Settling, ids: readonly string[], reason: string): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const id of ids) {
    const note = notes.get(id)
    const said = note === undefined ? reason : `${reason}; ${note}`
    const group = groups.get(said)
    if (group) group.push(id)
    else groups.set(said, [id])
  }
  return groups
}

async function write(
  settling: Settling,
  ids: readonly string[],
  restore: Restore,
  reason: string,
): Promise<void> {
  const { world, rolloutId, change, isLast, through, images, notes, tell } = settling
  const at = world.clock.now()
  const { isOver, mayGoOn } = meaning(restore)
  const goOn = mayGoOn && !isLast
  await world.store.tx(async (writer) => {
    if (isOver) {
      await writer.closeImages(
        ids.flatMap((id) => images.get(id)?.id ?? []),
        at,
      )
    }
    // Given back and staying: what was taken as it is stays so.
    if (isOver && !tell) await writer.endTakenAsIs(change.effect, change.target, ids)
    if (isOver && change.effect === PER_USER_MFA_RETIRED.effect) {
      const back = ids.filter((id) => images.has(id))
      await writer.setMembers(rolloutId, back, { per_user_mfa: null, per_user_reason: null, per_user_at: at })
    }
    if (tell) return await tell(writer, { at, people: ids, restore, reason })
    if (!goOn) await writeOutcome(writer, settling, { at, people: ids, restore, reason }, isOver)
    const place = { at, rolloutId, actor: 'wavegate', reason }
    if (!goOn || restore === 'restored' || restore === 'conflict') {
      const data = { people: ids, effect: change.effect }
      await writer.append({ ...place, type: `members.${restore}`, data })
    }
  })
  if (!goOn) return
  for (const id of ids) {
    through.add(id)
    if (restore === 'conflict') {
      settling.conflicts.add(id)
      notes.set(id, `${change.effect}: ${reason}`)
    }
    if (restore === 'restored' && !notes.has(id)) notes.set(id, `${change.effect} as before`)
  }
}

async function writeOutcome(
  writer: Writer,
  { rolloutId, notes, conflicts }: Settling,
  { at, people: all, restore, reason }: Told,
  isOver: boolean,
): Promise<void> {
  const values = { restore_reason: reason, restored_at: isOver ? at : null }
  const left = isOver && restore !== 'gone' ? all.filter((id) => conflicts.has(id)) : []
  await writer.setMembers(rolloutId, left, { ...values, restore: 'conflict' })
  const people = all.filter((id) => !left.includes(id))
  // Undone in an earlier way: restored, whatever there is left to undo in this one.
  const undone = new Set(
    people.filter((id) => (restore === 'notOurs' || restore === 'untouched') && notes.has(id)),
  )
  await writer.setMembers(rolloutId, [...undone], { ...values, restore: 'restored' })
  const others = people.filter((id) => !undone.has(id))
  await writer.setMembers(rolloutId, others, { ...values, restore })
  // Nothing of ours keeps them out any more; that it did still spends the budget.
  const out = restore === 'restored' || restore === 'gone' ? people : [...undone]
  await writer.setMembers(rolloutId, out, { locked_out_now: 0 })
}

export function meaning(restore: Restore): { isOver: boolean; mayGoOn: boolean } {
  switch (restore) {
    case 'restored':
    case 'notOurs':
    case 'untouched':
    case 'conflict':
      return { isOver: true, mayGoOn: true }
    case 'gone':
    case 'resolved':
      return { isOver: true, mayGoOn: false }
    case 'failed':
    case 'unknown':
    case 'leftIn':
      return { isOver: false, mayGoOn: false }
    default:
      return restore satisfies never
  }
}
