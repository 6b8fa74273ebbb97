import { GraphFailure } from '../graph/errors.ts'
import type { Back } from '../methods/change.ts'
import { PER_USER_MFA_RETIRED } from '../methods/per-user-mfa.ts'
import type { Attempt } from '../store/ledger.ts'
import type { Member } from '../store/members.ts'
import { isImage, isOursBy, type Ledger, ledgerOf } from './chunk.ts'
import { leaveTakenAsIs } from './leave-taken-as-is.ts'
import { leaveRolesIn } from './left-in.ts'
import { pollUntil } from './poll.ts'
import { onTheWay } from './settle-on-the-way.ts'
import { type Restoring, type Settling, settle } from './settle-restored.ts'
import { inParts, sideBySide } from './side-by-side.ts'
import { isSettled, takeOut } from './take-out-group.ts'

/** Restores are intended and sent this many at a time, so that a crash repeats little. */
const GROUP = 20

/** Such groups on their way at a time: more than one, or the limit would wait for the line and the disk. */
const GROUPS = 4

/** People sent from one reading to the next. */
const CHUNK = 200

/**
 * Undo is the recorded before-image, not "off": whoever was so before us stays so, and nobody counts as restored before
 * the tenant shows it. Where people were changed in several ways, each is undone and read back before the next, so that
 * nobody is bare in between; who did not get through one is taken no further.
 */
export async function takePeopleOut(restoring: Restoring, people: readonly Member[]): Promise<void> {
  let open: readonly Member[] = people.filter(
    (member) => member.restore === null || !isSettled(member.restore),
  )
  const notes = new Map<string, string>()
  const conflicts = new Set<string>()
  const leaving = restoring.changes.find(({ effect }) => effect !== PER_USER_MFA_RETIRED.effect)
  for (const [index, change] of restoring.changes.entries()) {
    if (change === leaving && restoring.beforeLeaving) open = await restoring.beforeLeaving(open, notes)
    const isLast = index === restoring.changes.length - 1
    const mine = { through: new Set<string>(), images: new Map() }
    const settling: Settling = { ...restoring, change, isLast, notes, conflicts, ...mine }
    await undo(settling, open)
    open = open.filter((member) => settling.through.has(member.personId))
  }
}

async function undo(settling: Settling, all: readonly Member[]): Promise<void> {
  const everybody = all.map((member) => member.personId)
  const ledger = await ledgerOf(settling, everybody)
  settling.images = ledger.images
  const left = await leaveTakenAsIs(settling, ledger, everybody)
  const people = all.filter((member) => !left.has(member.personId))
  const ids = people.map((member) => member.personId)
  const ours = people.filter((member) => isOursBy(settling.change, ledger, member.personId))
  const own = new Set(ours.map((member) => member.personId))
  const others = ids.filter((id) => !own.has(id))
  await settle(
    settling,
    others.filter((id) => ledger.images.has(id)),
    'notOurs',
    'as before us',
  )
  await settle(
    settling,
    others.filter((id) => !ledger.images.has(id)),
    'untouched',
    'never changed',
  )
  const out = await settleTakenOut(settling, ours, ledger)
  const rest = ours.filter((member) => !out.has(member.personId))
  const stay = settling.isOfEverybody ? new Set() : await leaveRolesIn(settling, rest)
  await takeOutInChunks(
    settling,
    rest.filter((member) => !stay.has(member.personId)),
  )
}

/** From one reading: whom an earlier try took out, its answer says so, and who is seen as before now. */
async function settleTakenOut(
  settling: Settling,
  people: readonly Member[],
  { attempts }: Ledger,
): Promise<ReadonlySet<string>> {
  const tried = people.filter(({ personId }) => wasTakenOut(attempts.get(personId)?.at(-1)))
  return await settleBack(
    settling,
    tried.map((member) => member.personId),
  )
}

/** Nothing else will do: a person who was only just added may not be seen in the group yet. */
function wasTakenOut(last: Attempt | undefined): boolean {
  return last?.direction === 'restore' && (last.answer === 'accepted' || last.answer === 'alreadySo')
}

/** Whoever is out already goes on record while others are sent; one who lingers is waited for at the end alone. */
async function takeOutInChunks(settling: Settling, people: readonly Member[]): Promise<void> {
  const sent = new Set<string>()
  const reading = onTheWay(CHUNK, () => settleSent(settling, sent))
  try {
    await sideBySide(inParts(people, GROUP), GROUPS, async (group) => {
      settling.signal.throwIfAborted()
      await takeOut(settling, group, sent)
      reading.sent(group.length)
    })
    await reading.end()
  } catch (error) {
    await reading.end()
    if (!settling.signal.aborted) await settleSent(settling, sent)
    throw error
  }
  await readBack(settling, [...sent])
}

async function settleSent(settling: Settling, sent: Set<string>): Promise<void> {
  for (const id of await settleBack(settling, [...sent])) sent.delete(id)
}

/** A reading that cannot be made settles nobody; what comes after reads again. */
async function settleBack(settling: Settling, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  try {
    const read = await readAsBefore(settling, ids)
    const back = [...read].flatMap(([id, how]) => (how === 'restored' ? [id] : []))
    await settle(settling, back, 'restored', 'read back')
    return new Set(back)
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    return new Set()
  }
}

async function readBack(settling: Settling, waiting: readonly string[]): Promise<void> {
  if (waiting.length === 0) return
  const back = new Set<string>()
  let stronger: string[] = []
  const missing = () => waiting.filter((id) => !back.has(id))
  let isCut = false
  const read = async () => {
    const seen = await readAsBefore(settling, missing())
    for (const [id, how] of seen) if (how === 'restored') back.add(id)
    // What is stronger may be what we did ourselves and a read that lags: only the deadline says that it is not.
    stronger = [...seen].flatMap(([id, how]) => (how === 'stronger' ? [id] : []))
    return back.size === waiting.length ? true : undefined
  }
  await pollUntil(settling.world, settling.signal, read, async () => {
    isCut = (await settling.isWantedElsewhere?.()) ?? false
    return isCut
  })
  const until = isCut ? 'when something else was to be done' : 'at the read-back deadline'
  if (isCut) stronger = []
  noteStronger(settling, stronger)
  for (const id of stronger) back.add(id)
  await settle(settling, [...back], 'restored', 'read back')
  await settle(settling, missing(), 'unknown', `still ${settling.change.says} ${until}`)
}

/** Whom the tenant shows as recorded, or stronger. */
async function readAsBefore(settling: Settling, ids: readonly string[]): Promise<Map<string, Back>> {
  const { change, images, signal } = settling
  const now = await change.read(ids, { lane: 'restore', signal })
  const back = new Map<string, Back>()
  for (const id of ids) {
    const image = now.get(id)
    const before = images.get(id)?.image
    const how = isImage(image) && before ? change.back(image, before) : undefined
    if (how !== undefined) back.set(id, how)
  }
  return back
}

function noteStronger({ notes }: Settling, ids: readonly string[]): void {
  for (const id of ids) notes.set(id, 'stronger than recorded: Microsoft raised it meanwhile')
}
