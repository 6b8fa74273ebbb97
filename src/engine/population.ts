import type { Ask } from '../graph/directory/ask.ts'
import type { Registration } from '../graph/directory/reports.ts'
import type { ListedUser } from '../graph/directory/users.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { PeopleFile } from '../people/csv-people.ts'
import type { Person } from '../people/person.ts'
import type { ResolvedGroups } from '../people/population.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { readEligible } from './eligible.ts'
import { readFile } from './read-file.ts'
import { readHolders, registrationsIfLicensed } from './role-holders.ts'
import type { World } from './world.ts'

export interface Population {
  people: Person[]
  groups: ResolvedGroups
  /** When Microsoft refreshed what the report says of a person; absent: it does not say. */
  refreshedAt: ReadonlyMap<string, number>
  /** False: without a licence there is no registration report, and nobody's readiness is known. */
  hasReport: boolean
  /** What the report says of each, where there is one. */
  report: readonly Registration[]
}

/**
 * Everybody in the directory, with what the registration report says of each, and the groups and files a plan names.
 * Where the licence gives no report, who holds a role is read from the roles themselves.
 */
export async function readPopulation(world: World, plan: CompiledPlan, ask: Ask): Promise<Population> {
  const read = await readPeople(world, needsManagers(plan), ask, namesByFile(plan))
  const groups = await readGroups(world, plan, ask)
  return { ...read, groups: { ...groups, files: await readFiles(world, plan) } }
}

/** Everybody in the directory, with what the registration report says of each. */
export async function readPeople(
  world: World,
  withManagers: boolean,
  ask: Ask,
  withAddresses = false,
): Promise<Omit<Population, 'groups'>> {
  const users = await world.directory.listUsers(ask, { withManagers, withAddresses })
  const report = await registrationsIfLicensed(world, ask)
  const rows = new Map((report ?? []).map((row) => [row.id, row]))
  const holders = report === null ? await readHolders(world, ask) : null
  const eligible = holders ?? (await readEligible(world, ask))
  const people = users.map((user): Person => {
    const row = rows.get(user.id)
    return {
      id: user.id,
      upn: user.userPrincipalName,
      displayName: user.displayName ?? user.userPrincipalName,
      accountEnabled: user.accountEnabled === true,
      userType: user.userType === 'Guest' ? 'Guest' : 'Member',
      isAdmin: holders || eligible.has(user.id) ? eligible.has(user.id) : (row?.isAdmin ?? undefined),
      isMfaCapable: row?.isMfaCapable,
      department: user.department ?? undefined,
      officeLocation: user.officeLocation ?? undefined,
      country: user.country ?? undefined,
      usageLocation: user.usageLocation ?? undefined,
      employeeType: user.employeeType ?? undefined,
      companyName: user.companyName ?? undefined,
      managerId: user.manager?.id,
      ...(withAddresses ? namesOf(user) : {}),
    }
  })
  return {
    people,
    hasReport: report !== null,
    refreshedAt: refreshedAtOf(rows.values()),
    report: report ?? [],
  }
}

/** What a file may name somebody by, beside id and sign-in name. */
function namesOf(user: ListedUser): Pick<Person, 'mail' | 'addresses' | 'employeeId'> {
  const { mail, proxyAddresses, employeeId } = user
  return {
    mail: mail ?? undefined,
    addresses: proxyAddresses ?? undefined,
    employeeId: employeeId ?? undefined,
  }
}

/** The files of a plan, as far as they were uploaded. */
async function readFiles(world: World, plan: CompiledPlan): Promise<Record<string, PeopleFile>> {
  const files: Record<string, PeopleFile> = {}
  for (const { members } of plan.waves) {
    if (members.kind !== 'csv' || Object.hasOwn(files, members.digest)) continue
    const file = await readFile(world, members.digest)
    if (file !== undefined) files[members.digest] = file
  }
  return files
}

function refreshedAtOf(rows: Iterable<Registration>): Map<string, number> {
  const found = new Map<string, number>()
  for (const { id, lastUpdatedDateTime } of rows) {
    const at = Date.parse(lastUpdatedDateTime ?? '')
    if (!Number.isNaN(at)) found.set(id, at)
  }
  return found
}

function namesByFile(plan: CompiledPlan): boolean {
  return plan.waves.some(({ members }) => members.kind === 'csv')
}

function needsManagers(plan: CompiledPlan): boolean {
  return plan.waves.some((wave) => wave.limits.managerApart)
}

async function readGroups(world: World, plan: CompiledPlan, ask: Ask): Promise<ResolvedGroups> {
  const inWaves = plan.waves.flatMap((wave) => (wave.members.kind === 'group' ? [wave.members.group] : []))
  const groups: Record<string, readonly string[] | 'ambiguous'> = {}
  for (const name of new Set([...plan.protect.groups, ...inWaves])) {
    const resolved = await world.directory.resolveGroup(name, ask)
    if (resolved.found === 'many') groups[name] = 'ambiguous'
    if (resolved.found === 'one')
      groups[name] = await world.directory.listTransitiveUsers(resolved.group.id, ask)
  }
  return { groups }
}

export function isReportFailure(error: unknown): 'notLicensed' | 'failed' | undefined {
  if (!(error instanceof GraphFailure)) return undefined
  return error.kind === 'licence' ? 'notLicensed' : 'failed'
}
