import { DateTime } from 'luxon'
import { FIRST_PASS_POLICY, passState } from './directory/access-passes.ts'
import { FIRST_CAMPAIGN } from './directory/campaign.ts'
import { applyChange, type Change, type UserPatch } from './directory/change.ts'
import type { ChangeContext } from './directory/change-context.ts'
import type { Directory } from './directory/directory.ts'
import { firstGroups } from './directory/first-groups.ts'
import { firstLocations } from './directory/first-locations.ts'
import { firstPolicies } from './directory/first-policies.ts'
import { firstRoleGroups, firstRoles, giveRoles } from './directory/first-roles.ts'
import { FIRST_TOKEN_POLICY } from './directory/hardware-tokens.ts'
import { FIRST_PHONE_POLICY } from './directory/phone-policy.ts'
import { createJournal, type Hand, type Journal } from './journal.ts'
import { latest, settled } from './lagged.ts'
import { type LifeTime, lifeTime } from './life-time.ts'
import { type MicrosoftDelays, microsoftDelays } from './microsoft-delays.ts'
import { type Outage, outage } from './outage.ts'
import { population } from './people/population.ts'
import { guid } from './random.ts'
import type { Scenario } from './scenario.ts'
import { type LastSignIns, lastSignIns } from './sign-ins/last-sign-ins.ts'
import { type Lives, lives } from './sign-ins/lives.ts'
import { type SignInLog, signInLog } from './sign-ins/sign-in-log.ts'
import { tell } from './story.ts'

const HISTORY_DAYS = 14
const DAY = 86_400_000

export interface WorldOptions {
  people: number
  seed: number
  scenario: Scenario
  delays: number
  /** When the tenant was switched on. */
  epoch: number
}

/** A tenant without its network: what it holds, who lives in it, what was done to it. */
export interface World {
  options: WorldOptions
  directory: Directory
  journal: Journal
  log: SignInLog
  lastSignIns: LastSignIns
  delays: MicrosoftDelays
  time: LifeTime
  /** Where Microsoft has a bad day. */
  outage: Outage | null
  /** Lets the people live until now. */
  advance(now: number): void
  /** Changes the tenant now; answers with the id of what was created. */
  change(change: Change, hand: Hand, now: number): string | undefined
}

export function createWorld(options: WorldOptions): World {
  const { seed } = options
  const time = lifeTime(options.epoch, options.delays)
  const scaled = (ms: number) => ms * options.delays
  const directory = firstDirectory(options)
  const journal = createJournal()
  const delays = microsoftDelays(seed, options.delays)
  const trouble = options.scenario === 'outage' ? outage(seed, time, options.epoch) : null
  const bare = signInLog({ seed, scaled, ...(trouble ? { notBefore: trouble.notBefore } : {}) })
  const { log, last } = lastSignIns(bare, options.epoch, scaled)
  let changes = 0
  const context: ChangeContext = {
    seed,
    directory,
    journal,
    delays,
    next: () => ++changes,
    later: (at, run) => people.later(at, run),
    join: (person, at) => people.join(person, at),
  }
  const people: Lives = lives({
    seed,
    directory,
    time,
    log,
    from: time.toLife(options.epoch) - HISTORY_DAYS * DAY,
    usesPass(person, at) {
      const pass = directory.passes.get(person.id)
      if (!pass || passState(pass, at) !== 'good') return false
      const requestId = guid(seed, `pass/${person.index}/${at}`)
      const hand = { actor: 'person', requestId, method: 'POST', path: '/mysecurityinfo' }
      applyChange(context, { kind: 'usePass', user: person.id }, hand, at)
      return true
    },
    registered(person, at, added) {
      const methods = [...new Set([...latest(person.methods), ...added])]
      const requestId = guid(seed, `registration/${person.index}/${at}`)
      const hand = { actor: 'person', requestId, method: 'POST', path: '/mysecurityinfo' }
      applyChange(
        context,
        { kind: 'setMethods', user: person.id, methods, phoneBroken: person.phoneBroken },
        hand,
        at,
      )
    },
  })
  tell({ scenario: options.scenario, context, time, log, epoch: options.epoch })
  return {
    options,
    outage: trouble,
    directory,
    journal,
    log,
    lastSignIns: last,
    delays,
    time,
    advance: (now) => people.advance(now),
    change: (change, hand, now) => {
      people.advance(now)
      return applyChange(context, change, hand, now)
    },
  }
}

function firstDirectory(options: WorldOptions): Directory {
  const { seed } = options
  const created = DateTime.fromMillis(options.epoch, { zone: 'utc' })
    .minus({ days: 900 })
    .startOf('day')
    .toISO() as string
  const people = population(options)
  giveRoles(people)
  const directory: Directory = {
    people,
    personById: new Map(people.map((person) => [person.id, person])),
    groups: new Map(firstGroups(seed, people, created, options.scenario).map((group) => [group.id, group])),
    policies: new Map(),
    locations: new Map(firstLocations(seed, created).map((location) => [location.id, location])),
    securityDefaults: settled(options.scenario === 'security-defaults'),
    phonePolicy: FIRST_PHONE_POLICY,
    campaign: FIRST_CAMPAIGN,
    tokens: new Map(),
    tokenPolicy: FIRST_TOKEN_POLICY,
    roles: firstRoles(seed),
    roleGroups: new Map(),
    passes: new Map(),
    passPolicy: FIRST_PASS_POLICY,
    sessionsFrom: new Map(),
    sessionsEnded: new Map(),
  }
  directory.roleGroups = firstRoleGroups(directory.groups.values())
  for (const policy of firstPolicies(seed, directory, created, options.scenario))
    directory.policies.set(policy.id, policy)
  return directory
}

export type { Change, UserPatch }
