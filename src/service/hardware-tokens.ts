import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { SecretBox } from '../engine/secret-box.ts'
import { sealOf } from '../engine/token-secrets.ts'
import { wipeList } from '../engine/wipe-tokens.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import { readTokenFile, type TokenRow } from '../people/csv-tokens.ts'
import type { StoredToken, StoredTokenFile } from '../store/hardware-tokens.ts'
import type { Caller } from './contract.ts'
import type { Upload } from './files.ts'
import { requireRole } from './permit.ts'
import { Time, time } from './views.ts'

/** The largest list of tokens taken, bytes: it is in memory as a whole, and nowhere else. */
export const LARGEST_LIST = 20_000_000

export const TokenRowFindingView = z.object({
  line: z.number(),
  code: z.enum(['csvTokenUnusable', 'csvTokenTwice']),
  upn: z.string(),
  serial: z.string(),
  message: z.string(),
  hint: z.string(),
})

/** A list of tokens that came in; no secret is in it. */
export const TokenListView = z
  .object({
    digest: z.string(),
    name: z.string().nullable(),
    tokens: z.number().describe('tokens of the list that can be used'),
    secretsKept: z
      .number()
      .describe('of these, tokens whose secret is kept still, since they are not active'),
    findings: z.array(TokenRowFindingView).describe('rows that nobody gets a token by'),
    uploadedBy: z.string(),
    uploadedAt: Time,
  })
  .meta({ id: 'TokenList' })
export type TokenListView = z.infer<typeof TokenListView>

/**
 * Takes a vendor's list of hardware tokens: each secret is sealed at once, and the list itself is kept nowhere. The same
 * list again: secrets that were wiped and are wanted again are sealed anew. @throws secretKeyMissing, tokenListUnreadable
 */
export async function uploadHardwareTokens(
  world: World,
  caller: Caller,
  { bytes, name = undefined }: Upload,
): Promise<{ created: boolean; list: TokenListView }> {
  requireRole(caller, ['changeManager'], 'uploading a list of tokens')
  const { store, clock, secretBox } = world
  if (secretBox === null) throw fault('secretKeyMissing')
  const content = await whole(bytes)
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
  const { tokens, findings, problems } = readTokenFile(content)
  content.fill(0)
  const [problem] = problems
  if (problem) {
    const { line, message: detail, hint: remedy } = problem
    throw fault('tokenListUnreadable', { line, detail, remedy })
  }
  const at = clock.now()
  const sealed = tokens.map((token) => seal(secretBox, digest, token))
  const created = await store.tx(async (writer) => {
    if (await writer.tokenFile(digest)) {
      await writer.sealAgain(sealed)
      return false
    }
    const file = { digest, name: name ?? null, findings, uploadedBy: caller.person, uploadedAt: at }
    await writer.addTokenFile(file, sealed)
    const data = { digest, name: file.name, tokens: tokens.length, findings: findings.length }
    await writer.append({ at, rolloutId: null, actor: caller.person, type: 'tokens.received', data })
    return true
  })
  return { created, list: await tokenList(world, digest) }
}

/** @throws fileNotFound */
export async function tokenList({ store }: World, digest: string): Promise<TokenListView> {
  const file = await store.read.tokenFile(digest)
  if (!file) throw fault('fileNotFound', { digest })
  return viewOf(file, await store.read.tokensOf(digest))
}

/** Overwrites every secret of a list that is sealed still, whoever may need it. @throws fileNotFound */
export async function wipeHardwareTokens(
  world: World,
  caller: Caller,
  digest: string,
): Promise<TokenListView> {
  requireRole(caller, ['changeManager'], 'wiping a list of tokens')
  if (!(await world.store.read.tokenFile(digest))) throw fault('fileNotFound', { digest })
  const place = { at: world.clock.now(), rolloutId: null, actor: caller.person, reason: '' }
  await world.store.tx((writer) => wipeList(writer, digest, place))
  return await tokenList(world, digest)
}

function viewOf(file: StoredTokenFile, tokens: readonly StoredToken[]): TokenListView {
  const secretsKept = tokens.filter(({ sealed }) => sealed !== null).length
  return { ...file, tokens: tokens.length, secretsKept, uploadedAt: time(file.uploadedAt) }
}

function seal(box: SecretBox, file: string, { secret, ...token }: TokenRow): StoredToken {
  const place = { file, line: token.line, serial: token.serial }
  return { ...token, file, sealed: box.seal(secret, sealOf(place)) }
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of bytes) {
    size += part.length
    if (size > LARGEST_LIST) throw fault('fileTooLarge', { limit: LARGEST_LIST })
    parts.push(part)
  }
  return Buffer.concat(parts)
}
