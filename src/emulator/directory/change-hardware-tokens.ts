import type { Hand } from '../journal.ts'
import { latest, settled, write } from '../lagged.ts'
import { guid } from '../random.ts'
import type { ChangeContext } from './change-context.ts'
import type { HardwareToken, NewToken, TokenPolicy, TokenState } from './hardware-tokens.ts'

const METHOD = 'hardwareOneTimePasscode'
const INVENTORY = 'directory/authenticationMethodDevices/hardwareOathDevices'
const METHODS = 'authentication/hardwareOathMethods'

/** Puts a token into the inventory, also beside one with the same number. Answers with its id. */
export function addToken(context: ChangeContext, token: NewToken, hand: Hand, now: number): string {
  const id = guid(context.seed, `hardware token/${context.next()}`)
  const added: HardwareToken = { ...token, id, state: settled<TokenState | null>(null) }
  context.directory.tokens.set(id, added)
  setToken(context, id, { status: 'available', assignedTo: null }, hand, now)
  return id
}

/** Gives it to somebody, makes it usable, takes it away; null: out of the inventory. The secret is in no journal. */
export function setToken(
  context: ChangeContext,
  id: string,
  state: TokenState | null,
  hand: Hand,
  now: number,
): void {
  const token = context.directory.tokens.get(id) as HardwareToken
  const before = latest(token.state)
  if (JSON.stringify(before) === JSON.stringify(state)) return
  const change = context.next()
  const { untilRead } = context.delays
  write(token.state, state, { now, readAt: now + untilRead(change), biteAt: now })
  const holder = state?.assignedTo ?? before?.assignedTo ?? null
  const target = holder === null ? `${INVENTORY}/${id}` : `users/${holder}/${METHODS}/${id}`
  const shown = (one: TokenState | null) =>
    one !== null && one.assignedTo === holder
      ? { serialNumber: token.serialNumber, status: one.status }
      : null
  context.journal.add(now, hand, target, shown(before), shown(state))
  const people = new Set([before?.assignedTo, state?.assignedTo])
  for (const person of people) if (person) keepMethod(context, person, now)
}

/** Somebody can be asked by a token as long as one of theirs is active; the report knows hours later. */
function keepMethod({ directory, delays, next }: ChangeContext, id: string, now: number): void {
  const person = directory.personById.get(id)
  if (!person) return
  const has = [...directory.tokens.values()].some((token) => {
    const state = latest(token.state)
    return state?.assignedTo === id && state.status === 'activated'
  })
  const before = latest(person.methods)
  if (before.includes(METHOD) === has) return
  const after = has ? [...before, METHOD as typeof METHOD] : before.filter((method) => method !== METHOD)
  write(person.methods, after, { now, readAt: now + delays.untilReported(next()), biteAt: now })
}

export function setTokenPolicy(
  context: ChangeContext,
  set: Partial<TokenPolicy>,
  hand: Hand,
  now: number,
): void {
  const before = context.directory.tokenPolicy
  const after = { ...before, ...set }
  context.next()
  context.directory.tokenPolicy = after
  const target = 'policies/authenticationMethodsPolicy/authenticationMethodConfigurations/hardwareOath'
  context.journal.add(now, hand, target, before, after)
}
