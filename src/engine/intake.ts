import { coveredUntil } from '../gates/coverage.ts'
import { PER_USER_DEMAND, type SignIn } from '../gates/sign-in.ts'
import type { SignIn as LogRow } from '../graph/directory/reports.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { IntakeWindow } from '../store/evidence.ts'
import { isOldProgram } from './gather-legacy.ts'
import { scaleOf } from './scale.ts'
import type { World } from './world.ts'

/** Beyond what the log needs to settle, so that two windows never just miss each other. */
const MARGIN = 15 * 60_000

/**
 * Reads the sign-in log up to now, from before the end of what was read without a hole since the switch: rows come late
 * and are corrected for two hours.
 * Only rows of people in `watched` are kept. What could not be read is recorded as such; nothing is skipped over.
 */
export async function readSignIns(
  world: World,
  watched: ReadonlySet<string>,
  { since, withAskers }: { since: number; withAskers: boolean },
  signal: AbortSignal,
): Promise<IntakeWindow> {
  const { clock, store } = world
  const overlap = world.declared.settlingMs + MARGIN * scaleOf(world)
  const before = (await store.read.intakesSince(since)).filter((window) => window.outcome === 'read')
  const until = coveredUntil(
    before.toSorted((a, b) => a.from - b.from),
    since,
  )
  const from = (until ?? since) - overlap
  const window: IntakeWindow = {
    from,
    to: clock.now(),
    fetchedAt: clock.now(),
    rows: 0,
    outcome: 'read',
    code: null,
  }
  try {
    const asked = { from: window.from, to: window.to, withAskers }
    for await (const page of world.directory.listSignIns(asked, { lane: 'scan', signal })) {
      window.rows += page.length
      const kept = page.filter((row) => watched.has(row.userId)).map(toStored)
      await store.tx((writer) => writer.saveSignIns(kept, clock.now()))
    }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    window.outcome = error.kind === 'licence' ? 'noLicence' : 'failed'
    window.code = `graph.${error.kind}`
    world.log.warn({ err: error }, 'the sign-in log could not be read')
  }
  window.fetchedAt = clock.now()
  return window
}

/** Of a row what attribution needs, as it is kept. */
export function toStored(row: LogRow) {
  const at = Date.parse(row.createdDateTime)
  const narrow: SignIn = {
    id: row.id,
    createdDateTime: at,
    userId: row.userId,
    errorCode: row.status.errorCode,
    additionalDetails: row.status.additionalDetails,
    appliedConditionalAccessPolicies: [...policiesOf(row), ...perUserDemandOf(row)],
    place: {
      ip: row.ipAddress,
      city: row.location?.city ?? null,
      country: row.location?.countryOrRegion ?? null,
    },
    app: { id: row.appId, name: row.appDisplayName },
    ...(isOldProgram(row.clientAppUsed) && { oldProgram: row.clientAppUsed }),
    askers:
      row.authenticationRequirementPolicies?.flatMap(
        ({ requirementProvider }) => requirementProvider ?? [],
      ) ?? null,
  }
  return { id: row.id, personId: row.userId, at, row: narrow }
}

type Applied = SignIn['appliedConditionalAccessPolicies']

function policiesOf(row: LogRow): Applied {
  return (row.appliedConditionalAccessPolicies ?? []).flatMap(
    ({ id, result, displayName, enforcedGrantControls }) =>
      id === null || result === null
        ? []
        : [{ id, result, name: displayName, controls: enforcedGrantControls ?? null }],
  )
}

/** Nothing where the log does not say who asked: no answer is no evidence. */
function perUserDemandOf(row: LogRow): Applied {
  const { authenticationRequirement: requirement, authenticationRequirementPolicies: askers } = row
  if (requirement === null || askers === null) return []
  const isDemanded = askers.some((asker) => asker.requirementProvider === 'user')
  const result = row.status.errorCode === 0 ? 'success' : 'failure'
  const name = 'per-user MFA'
  return [{ id: PER_USER_DEMAND, name, result: isDemanded ? result : 'notApplied', controls: ['mfa'] }]
}
