import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Change } from '../methods/change.ts'
import { hardwareToken, wantedToken } from '../methods/hardware-token.ts'
import { allows } from '../prepare/phone-policy.ts'
import { type TokenWish, tokensPreparation } from '../prepare/tokens.ts'
import type { Prepares } from './preparations.ts'
import { tokenAllowance } from './token-findings.ts'
import { tokenSecrets } from './token-secrets.ts'
import type { World } from './world.ts'

/** Hardware tokens, where the plan says so. */
export const prepareTokens: Prepares = (world, _rollout, plan) => {
  const file = plan.prepare?.tokens?.digest
  if (file === undefined) return undefined
  return tokensPreparation({
    wishes: (ids, ask) => readWishes(world, file, ids, ask),
    allowed: (ids, ask) => readAllowed(world, ids, ask),
    readTokens: (serials, ask) => world.directory.readHardwareTokens(serials, ask),
    wanted: wantedToken,
    change: (wanted) =>
      wiping(world, file, hardwareToken(world.directory, tokenSecrets(world, file), wanted)),
  })
}

/** Who a row means is what the directory calls them now. */
async function readWishes(
  world: World,
  file: string,
  ids: readonly string[],
  ask: Ask,
): Promise<Map<string, TokenWish>> {
  const tokens = new Map((await world.store.read.tokensOf(file)).map((token) => [token.upn, token]))
  const findings = (await world.store.read.tokenFile(file))?.findings ?? []
  const unclear = new Map(findings.map((one) => [one.upn, `line ${one.line} of the list: ${one.message}`]))
  const users = await world.directory.readUserStates(ids, ask)
  return new Map(
    users.map(({ id, userPrincipalName }): [string, TokenWish] => {
      const names = [userPrincipalName.toLowerCase(), id.toLowerCase()]
      const why = names.map((name) => unclear.get(name)).find((one) => one !== undefined)
      if (why !== undefined) return [id, { is: 'unclear', why }]
      const token = names.map((name) => tokens.get(name)).find((one) => one !== undefined)
      if (token === undefined) return [id, { is: 'none' }]
      return [id, { is: 'token', serial: token.serial, isKept: token.sealed !== null }]
    }),
  )
}

async function readAllowed(world: World, ids: readonly string[], ask: Ask): Promise<ReadonlySet<string>> {
  const allowance = tokenAllowance(await world.directory.readTokenPolicy(ask))
  const members = new Map<string, ReadonlySet<string>>()
  for (const { groups, exceptGroups } of allowance.methods)
    for (const group of [...groups, ...exceptGroups])
      members.set(group, new Set(await world.directory.listTransitiveUsers(group, ask)))
  return new Set(
    ids.filter((id) => allows(allowance, (group) => members.get(group)?.has(id) ?? false) === 'yes'),
  )
}

/** Once the tenant shows a token active nobody needs its secret here; once it is so no more, somebody would. */
function wiping(world: World, file: string, change: Change): Change {
  return {
    ...change,
    async read(ids, ask) {
      const images = await change.read(ids, ask)
      const serials = (isActive: boolean) =>
        [...images.values()].flatMap((image) =>
          !(image instanceof GraphFailure) && (image['isWanted'] === true) === isActive
            ? [String(image['wanted'])]
            : [],
        )
      await world.store.tx(async (writer) => {
        await writer.wipeSecrets(file, serials(true), world.clock.now())
        await writer.wantSecrets(file, serials(false))
      })
      return images
    },
  }
}
