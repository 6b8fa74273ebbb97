import type { Ask } from '../graph/directory/ask.ts'
import type { AccountChange, DirectoryAccount } from '../graph/directory/facts.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { FactsOf, Licence } from '../people/facts.ts'
import type { Begun, Portion, SourceSteps } from './gather-source.ts'
import { scaleOf } from './scale.ts'
import type { World } from './world.ts'

/** Everybody's pages, with the link to what changes meanwhile; or what changed since such a link. */
type Place = { how: 'all'; link: string | null; delta: string | null } | { how: 'changes'; link: string }

const DAY = 86_400_000
/** Microsoft keeps such a link for seven days. */
const LINK_LASTS = 6 * DAY
const GONE = 410

/** Accounts of everybody: all pages once, what changed since afterwards, and all again where that is not to be had. */
export function accountSteps(world: World): SourceSteps {
  return {
    source: 'account',
    async read(next, reading, ask) {
      const place = (next as Place | null) ?? (await firstPlace(world, reading, ask))
      if (place.how === 'all') return await everybody(world, place, reading, ask)
      try {
        return await changes(world, place.link, ask)
      } catch (error) {
        if (!(error instanceof GraphFailure) || !isLinkLost(error)) throw error
        return await everybody(world, await wholeList(world, ask), reading, ask)
      }
    },
  }
}

async function firstPlace(world: World, { delta, deltaAt }: Begun, ask: Ask): Promise<Place> {
  const isFresh = world.clock.now() - (deltaAt ?? 0) < LINK_LASTS * scaleOf(world)
  if (delta !== null && isFresh) return { how: 'changes', link: delta }
  return await wholeList(world, ask)
}

/** The link comes first: what changes while the pages are read comes again, and nothing is lost. */
async function wholeList(world: World, ask: Ask): Promise<Extract<Place, { how: 'all' }>> {
  return { how: 'all', link: null, delta: await deltaIfGiven(world, ask) }
}

/** Without it everybody is read again the next time, which is only slower. */
async function deltaIfGiven(world: World, ask: Ask): Promise<string | null> {
  try {
    return await world.directory.accountsDelta(ask)
  } catch (error) {
    if (error instanceof GraphFailure && error.kind === 'badRequest') return null
    throw error
  }
}

/** Too old, or of another tenant or address. */
function isLinkLost({ status, kind }: GraphFailure): boolean {
  return status === GONE || kind === 'badRequest' || kind === 'unreadable'
}

async function everybody(
  world: World,
  place: Extract<Place, { how: 'all' }>,
  { begunAt }: Begun,
  ask: Ask,
): Promise<Portion> {
  const { items, next } = await world.directory.accountsPage(place.link, ask)
  const at = world.clock.now()
  const isFirst = place.link === null
  return {
    rows: items.length,
    calls: isFirst ? 2 : 1,
    next: next === null ? null : { ...place, link: next },
    async save(writer) {
      await writer.saveAccounts(items.map((user) => ({ id: user.id, account: accountOf(user, at) })))
      if (next === null) await writer.noteGoneBefore(begunAt, at)
    },
    keeps: { delta: place.delta, deltaAt: begunAt },
  }
}

async function changes(world: World, link: string, ask: Ask): Promise<Portion> {
  const { items, next, delta } = await world.directory.accountChanges(link, ask)
  const at = world.clock.now()
  const gone = items.filter((one) => '@removed' in one).map((one) => one.id)
  const changed = items.filter(
    (one): one is Exclude<AccountChange, { '@removed': unknown }> => !('@removed' in one),
  )
  return {
    rows: items.length,
    calls: 1,
    next: next === null ? null : { how: 'changes', link: next },
    async save(writer) {
      const known = await writer.factsAmong(changed.map((user) => user.id))
      const accounts = changed.map((user) => {
        const managerId = known.get(user.id)?.account?.managerId
        const manager = managerId === undefined ? null : { id: managerId }
        return { id: user.id, account: accountOf({ ...user, manager }, at) }
      })
      await writer.saveAccounts(accounts)
      await writer.noteGone(gone, at)
      if (next === null) await writer.noteAccountsSeen(at)
    },
    keeps: { delta, deltaAt: at },
  }
}

// AAD_PREMIUM and AAD_PREMIUM_P2, the same in every tenant.
const P1 = '41781fb2-bc02-4b7c-bd55-b576c07bb09d'
const P2 = 'eec0eb4f-6444-4f95-aba0-50c24d67f998'

function licenceOf(plans: DirectoryAccount['assignedPlans']): Licence {
  if (plans === null) return 'unknown'
  // A plan in its grace period (Warning) still works.
  const working = plans.filter(({ capabilityStatus: is }) => is === 'Enabled' || is === 'Warning')
  const has = (plan: string) => working.some(({ servicePlanId }) => servicePlanId === plan)
  if (has(P2)) return 'P2'
  return has(P1) ? 'P1' : 'none'
}

export function accountOf(user: DirectoryAccount, at: number): FactsOf<'account'> {
  return {
    at,
    upn: user.userPrincipalName,
    displayName: user.displayName ?? user.userPrincipalName,
    accountEnabled: user.accountEnabled === true,
    userType: user.userType === 'Guest' ? 'Guest' : 'Member',
    mail: user.mail ?? undefined,
    department: user.department ?? undefined,
    managerId: user.manager?.id,
    officeLocation: user.officeLocation ?? undefined,
    country: user.country ?? undefined,
    usageLocation: user.usageLocation ?? undefined,
    language: user.preferredLanguage ?? undefined,
    employeeType: user.employeeType ?? undefined,
    companyName: user.companyName ?? undefined,
    mobilePhone: user.mobilePhone ?? undefined,
    businessPhones: user.businessPhones ?? undefined,
    isSynced: user.onPremisesSyncEnabled ?? undefined,
    lastSyncAt: user.onPremisesLastSyncDateTime ?? undefined,
    createdAt: user.createdDateTime ?? undefined,
    hasEmployeeId: Boolean(user.employeeId),
    hasName: Boolean(user.givenName) || Boolean(user.surname),
    licence: licenceOf(user.assignedPlans),
  }
}
