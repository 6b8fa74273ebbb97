import type { Ask, Receipt } from '../graph/directory/ask.ts'
import type { Directory } from '../graph/directory/directory.ts'
import type { HardwareToken, NewHardwareToken, TokenReading } from '../graph/directory/hardware-tokens.ts'
import type { FailureKind, GraphFailure } from '../graph/errors.ts'
import type { Answers, Change, Image } from './change.ts'

/** Names the effect in the ledger, for good. */
export const HARDWARE_TOKEN = { effect: 'hardwareToken' } as const

/** What is known of the secrets of a list of tokens, as long as they are kept. */
export interface TokenSecrets {
  /** The list they came in: its digest. */
  file: string
  /** By serial number; one whose secret was wiped, or cannot be opened, is not in it. */
  open(serials: readonly string[]): Promise<ReadonlyMap<string, NewHardwareToken>>
  /** The code that the token shows now, by Microsoft's clock. */
  code(token: NewHardwareToken): string
  /** Until it shows another one. */
  nextCode(token: NewHardwareToken, signal: AbortSignal | undefined): Promise<void>
  /** A refusal in the words of Graph's. */
  fail(kind: FailureKind, message: string): GraphFailure
}

/** Activations on their way at a time; the limit takes four in ten seconds, and a code is good for a minute. */
const AT_A_TIME = 4

/** The token somebody is to get, by the number on its back. */
export function wantedToken(serial: string): Image {
  return { wanted: serial }
}

/**
 * People get a hardware token, active before it is in their hand. An image holds what the inventory has under its number:
 * `isThere`, `isHeld` by this person or `isHeldByOther`, its `status`, and whether the secret is kept still: without it
 * nobody could put the token back into an inventory, so it is not taken out of one.
 */
export function hardwareToken(
  directory: Directory,
  secrets: TokenSecrets,
  wanted: ReadonlyMap<string, Image>,
): Change {
  const seen = new Map<string, readonly HardwareToken[]>()
  const serialOf = (id: string) => String(wanted.get(id)?.['wanted'] ?? '')

  async function read(ids: readonly string[], ask: Ask): Promise<Map<string, Image | GraphFailure>> {
    const serials = ids.map(serialOf).filter((serial) => serial !== '')
    const shown = await directory.readHardwareTokens(serials, ask)
    const kept = await secrets.open(serials)
    const images = new Map<string, Image | GraphFailure>()
    for (const id of ids) {
      const serial = serialOf(id)
      const one: TokenReading = shown.get(serial) ?? { tokens: [] }
      if ('failure' in one) images.set(id, one.failure)
      else {
        seen.set(id, one.tokens)
        images.set(id, imageOf(one.tokens, id, serial, kept.has(serial)))
      }
    }
    return images
  }

  async function add(ids: readonly string[], ask: Ask): Promise<Answers> {
    const open = await secrets.open(ids.map(serialOf))
    const tokens = ids.flatMap((id) => open.get(serialOf(id)) ?? [])
    const added = tokens.length === 0 ? new Map() : await directory.addHardwareTokens(tokens, ask)
    return new Map(ids.map((id) => [id, added.get(serialOf(id)) ?? secrets.fail('badRequest', NO_SECRET)]))
  }

  /** A code may have become stale on the way: the next one decides. What we gave and does not work is nobody's again. */
  async function activate(id: string, token: NewHardwareToken, ask: Ask): Promise<Receipt | GraphFailure> {
    const own = pick(seen.get(id) ?? [], id)
    if (own === undefined) return secrets.fail('conflict', `no token ${token.serial} in the inventory`)
    const wasHeld = own.holder === id
    if (own.holder !== null && !wasHeld) return secrets.fail('conflict', HELD_BY_OTHER)
    const code = () => secrets.code(token)
    const give = () => settled(() => directory.giveToken(id, own.id, code, ask))
    const make = () => settled(() => directory.activateToken(id, own.id, code, ask))
    const first = await (wasHeld ? make() : give())
    if (!isRefused(first, 'badRequest')) return first
    await secrets.nextCode(token, ask.signal)
    // It may be theirs by now, which reads show late.
    const made = await make()
    const second = isRefused(made, 'notFound') ? await give() : made
    if (!isRefused(second, 'badRequest')) return second
    if (!wasHeld) await settled(() => directory.takeToken(id, own.id, ask))
    return secrets.fail('badRequest', `${REFUSED_TWICE} (${second.message})`)
  }

  async function activateAll(ids: readonly string[], ask: Ask): Promise<Answers> {
    const open = await secrets.open(ids.map(serialOf))
    const answers = new Map<string, Receipt | GraphFailure>()
    const waiting = ids[Symbol.iterator]()
    const worker = async () => {
      for (const id of waiting) {
        const token = open.get(serialOf(id))
        answers.set(id, token ? await activate(id, token, ask) : secrets.fail('badRequest', NO_SECRET))
      }
    }
    await Promise.all(Array.from({ length: AT_A_TIME }, worker))
    return answers
  }

  async function takeBack(id: string, before: Image, ask: Ask): Promise<Receipt> {
    const tokens = seen.get(id) ?? []
    const own = pick(tokens, id)
    let receipt = NOTHING_TO_DO
    if (own?.holder === id && before['isHeld'] === true) {
      // Theirs before us, and not in use.
      return own.status === 'activated' ? await directory.deactivateToken(id, own.id, ask) : receipt
    }
    if (own?.holder === id) receipt = await directory.takeToken(id, own.id, ask)
    const isKept = (await secrets.open([serialOf(id)])).has(serialOf(id))
    const isOurs = before['isThere'] !== true && own !== undefined && tokens.length === 1
    if (isOurs && isKept && (own.holder === id || own.holder === null))
      return await directory.deleteHardwareToken(own.id, ask)
    return receipt
  }

  return {
    effect: HARDWARE_TOKEN.effect,
    target: secrets.file,
    says: 'with an active token',
    stages: ['inInventory', 'activated'],
    perCall: 20,
    together: 100,
    isAllOrNothing: false,
    read,
    reached: (image, stage) => (stage === 'inInventory' ? image['isThere'] : image['isWanted']) === true,
    apply: (ids, stage, ask) => (stage === 'inInventory' ? add(ids, ask) : activateAll(ids, ask)),
    async restore(people, ask) {
      await read([...people.keys()], ask)
      const answers = new Map<string, Receipt | GraphFailure>()
      for (const [id, before] of people) answers.set(id, await settled(() => takeBack(id, before, ask)))
      return answers
    },
    back(now, before) {
      if (before['isHeld'] === true) return now['isWanted'] === true ? undefined : 'restored'
      if (now['isHeld'] === true) return undefined
      const mayStay = before['isThere'] === true || now['isKept'] !== true || now['isTwice'] === true
      return mayStay || now['isThere'] !== true ? 'restored' : undefined
    },
    isForeign: (now) => now['isHeldByOther'] === true,
  }
}

const NO_SECRET = 'the secret of the token is not kept any more, or does not open with WAVEGATE_SECRET_KEY'
const HELD_BY_OTHER = 'the token is somebody else’s in the inventory'
const REFUSED_TWICE =
  'Microsoft refused the codes of two intervals: the secret in the list is not that of the token'
const NOTHING_TO_DO: Receipt = { requestId: undefined, clientRequestId: '', date: null }

/** The person's own first; of two that stand under one number, one that can be given. */
function pick(tokens: readonly HardwareToken[], person: string): HardwareToken | undefined {
  return (
    tokens.find(({ holder }) => holder === person) ??
    tokens.find(({ holder }) => holder === null) ??
    tokens[0]
  )
}

function imageOf(tokens: readonly HardwareToken[], person: string, wanted: string, isKept: boolean): Image {
  const own = pick(tokens, person)
  const isHeld = own?.holder === person
  return {
    wanted,
    isThere: own !== undefined,
    isTwice: tokens.length > 1,
    isHeld,
    isHeldByOther: own !== undefined && own.holder !== null && !isHeld,
    status: own?.status ?? '',
    isWanted: isHeld && own.status === 'activated',
    isKept,
  }
}

function isRefused(answer: Receipt | GraphFailure, kind: FailureKind): answer is GraphFailure {
  return 'kind' in answer && answer.kind === kind
}

async function settled(call: () => Promise<Receipt>): Promise<Receipt | GraphFailure> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Error && 'kind' in error) return error as GraphFailure
    throw error
  }
}
