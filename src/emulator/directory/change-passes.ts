import type { Hand } from '../journal.ts'
import { guid } from '../random.ts'
import type { AccessPass, PassPolicy } from './access-passes.ts'
import type { ChangeContext } from './change-context.ts'

export type NewPass = Pick<AccessPass, 'startsAt' | 'lifetimeInMinutes' | 'isUsableOnce'>

/** A new pass takes the place of an old one. Answers with its id; the journal tells no value. */
export function createPass(
  context: ChangeContext,
  user: string,
  wanted: NewPass,
  hand: Hand,
  now: number,
): string {
  const { passes } = context.directory
  const before = passes.get(user)
  const id = guid(context.seed, `pass/${user}/${context.next()}`)
  const pass: AccessPass = { id, createdAt: now, ...wanted, usedAt: null }
  passes.set(user, pass)
  context.journal.add(now, hand, targetOf(user, id), before ? told(before) : null, told(pass))
  return id
}

export function deletePass(context: ChangeContext, user: string, hand: Hand, now: number): void {
  const pass = context.directory.passes.get(user)
  if (!pass) return
  context.directory.passes.delete(user)
  context.journal.add(now, hand, targetOf(user, pass.id), told(pass), null)
}

/** Somebody signs in by it. */
export function usePass(context: ChangeContext, user: string, hand: Hand, now: number): void {
  const pass = context.directory.passes.get(user)
  if (!pass || pass.usedAt !== null) return
  const before = told(pass)
  pass.usedAt = now
  context.journal.add(now, hand, targetOf(user, pass.id), before, told(pass))
}

export function setPassPolicy(
  context: ChangeContext,
  set: Partial<PassPolicy>,
  hand: Hand,
  now: number,
): void {
  const { directory, journal } = context
  const before = directory.passPolicy
  directory.passPolicy = { ...before, ...set }
  const target = 'policies/authenticationMethodsPolicy/authenticationMethodConfigurations/temporaryAccessPass'
  journal.add(now, hand, target, before, directory.passPolicy)
}

function targetOf(user: string, pass: string): string {
  return `users/${user}/authentication/temporaryAccessPassMethods/${pass}`
}

function told({ id, lifetimeInMinutes, isUsableOnce, usedAt }: AccessPass) {
  return { id, lifetimeInMinutes, isUsableOnce, isUsed: usedAt !== null }
}
