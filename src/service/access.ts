import { createHash, randomBytes } from 'node:crypto'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { StoredToken } from '../store/access.ts'
import type { Caller, StoredAnswer } from './contract.ts'
import { type Keep, keepIn } from './keep.ts'
import { requireRole } from './permit.ts'
import { Role } from './verbs.ts'
import { type TokenView, time, timeOrNull } from './views.ts'

// 256 bits: nothing shorter is ever made, and only the hash is kept.
const TOKEN = /^wg_[A-Za-z0-9_-]{43}$/

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

export async function createToken(world: World, caller: Caller, person: string, role: Role, keep?: Keep) {
  requireRole(caller, ['administrator'], 'token create')
  const token = `wg_${randomBytes(32).toString('base64url')}`
  const stored: StoredToken = {
    id: `tk_${randomBytes(5).toString('hex')}`,
    hash: hashOf(token),
    person,
    role,
    createdAt: world.clock.now(),
    createdBy: caller.person,
    revokedAt: null,
  }
  const made = { token, view: tokenView(stored) }
  await world.store.tx(async (writer) => {
    await writer.insertToken(stored)
    const data = { token: stored.id, person, role }
    await writer.append({
      at: stored.createdAt,
      rolloutId: null,
      type: 'token.created',
      actor: caller.person,
      data,
    })
    await keepIn(writer, world, caller, keep, { status: 201, body: made })
  })
  return made
}

export async function revokeToken(world: World, caller: Caller, id: string): Promise<void> {
  requireRole(caller, ['administrator'], 'token revoke')
  const at = world.clock.now()
  const revoked = await world.store.tx(async (writer) => {
    if (!(await writer.revokeToken(id, at))) return false
    await writer.append({
      at,
      rolloutId: null,
      type: 'token.revoked',
      actor: caller.person,
      data: { token: id },
    })
    return true
  })
  if (!revoked) throw fault('tokenNotFound', { id })
}

export async function listTokens(world: World, caller: Caller): Promise<TokenView[]> {
  requireRole(caller, ['administrator'], 'token list')
  return (await world.store.read.tokens()).map(tokenView)
}

/** @throws tokenUnknown */
export async function authenticate(world: World, token: string): Promise<Caller> {
  const stored = TOKEN.test(token) ? await world.store.read.tokenByHash(hashOf(token)) : undefined
  if (!stored || stored.revokedAt !== null) throw fault('tokenUnknown')
  return { person: stored.person, roles: [Role.parse(stored.role)], channel: 'rest' }
}

function tokenView(token: StoredToken): TokenView {
  const { id, person, role, createdBy } = token
  return {
    id,
    person,
    role,
    createdAt: time(token.createdAt),
    createdBy,
    revokedAt: timeOrNull(token.revokedAt),
  }
}

export async function answered(
  world: World,
  caller: Caller,
  key: string,
  request: string,
): Promise<StoredAnswer | undefined> {
  const row = await world.store.read.answered(caller.person, key)
  if (!row) return undefined
  if (row.request !== request) throw fault('idempotencyKeyReused', { key })
  return { status: row.status, body: JSON.parse(row.body) }
}
