import type { Activity } from '../graph/directory/facts.ts'
import type { Registration } from '../graph/directory/reports.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { FactsOf } from '../people/facts.ts'
import type { SourceSteps } from './gather-source.ts'
import type { World } from './world.ts'

interface Link {
  link: string
}

/** Who has registered what, by the report. Whom it does not list, though it was read to its end, is kept as that. */
export function registrationSteps(world: World): SourceSteps {
  return {
    source: 'registration',
    async read(place, { begunAt, rows }, ask) {
      const { items, next } = await world.directory.registrationsPage(
        (place as Link | null)?.link ?? null,
        ask,
      )
      if (next === null && rows + items.length === 0)
        throw new GraphFailure({
          kind: 'unreadable',
          message: 'the registration report came back without anybody',
        })
      const at = world.clock.now()
      return {
        rows: items.length,
        calls: 1,
        next: next === null ? null : { link: next },
        async save(writer) {
          await writer.saveFacts(
            'registration',
            items.map((row) => [row.id, registrationOf(row, at)] as const),
          )
          if (next === null) await writer.saveForOthers('registration', { at }, begunAt)
        },
      }
    },
  }
}

export function registrationOf(row: Registration, at: number): FactsOf<'registration'> {
  const reportedAt = Date.parse(row.lastUpdatedDateTime ?? '')
  return {
    at,
    reportedAt: Number.isNaN(reportedAt) ? undefined : reportedAt,
    isAdmin: row.isAdmin ?? undefined,
    isMfaCapable: row.isMfaCapable,
    isMfaRegistered: row.isMfaRegistered,
    methods: row.methodsRegistered ?? undefined,
  }
}

/** When everybody last signed in: a pass of its own, since it has a limit of its own. */
export function activitySteps(world: World): SourceSteps {
  return {
    source: 'activity',
    async read(place, _reading, ask) {
      const { items, next } = await world.directory.activityPage((place as Link | null)?.link ?? null, ask)
      const at = world.clock.now()
      return {
        rows: items.length,
        calls: 1,
        next: next === null ? null : { link: next },
        save: (writer) =>
          writer.saveFacts(
            'activity',
            items.map((one) => [one.id, { at, lastSignInAt: lastSignInOf(one) }] as const),
          ),
      }
    },
  }
}

/**
 * Tries count for nothing where Microsoft tells successes apart: whoever sprays passwords tries for people who are away.
 */
function lastSignInOf({ signInActivity: seen }: Activity): number | null {
  if (!seen) return null
  if (seen.lastSuccessfulSignInDateTime !== null) return seen.lastSuccessfulSignInDateTime
  const tries = [seen.lastSignInDateTime, seen.lastNonInteractiveSignInDateTime].filter((at) => at !== null)
  return tries.length > 0 ? Math.max(...tries) : null
}
