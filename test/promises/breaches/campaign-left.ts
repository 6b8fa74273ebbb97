import { type Case, type Entry, isByUs, placeOf, timeOf } from '../case.ts'

const CAMPAIGN = /registrationCampaign$/
const UNDER_WAY = ['running', 'rollingBack', 'rollbackFailed']

/** (i) The campaign is changed with a before-image on record; after the end it is as it was, or a conflict is told. */
export function campaignLeft(one: Case): string[] {
  const changes = one.journal.filter((entry) => isByUs(entry) && CAMPAIGN.test(entry.target))
  const images = one.records.tenantImages
    .filter(({ kind }) => kind === 'registrationCampaign')
    .toSorted((a, b) => a.recorded_at - b.recorded_at)
  const unrecorded = changes
    .filter((entry) => !images.some((image) => image.recorded_at <= timeOf(entry)))
    .map((entry) => `We changed the campaign ${placeOf(entry)} without a before-image on record before it.`)
  const until = (index: number) => images[index + 1]?.recorded_at ?? Number.POSITIVE_INFINITY
  const left = images.flatMap((image, index) => {
    const some = changes.filter((entry) => timeOf(entry) >= image.recorded_at && timeOf(entry) < until(index))
    return notBack(one, some)
  })
  return [...unrecorded, ...left]
}

function notBack({ records }: Case, changes: readonly Entry[]): string[] {
  const [first, last] = [changes[0], changes.at(-1)]
  if (!first || !last || sorted(first.before) === sorted(last.after)) return []
  const isUnderWay = records.campaigns.some(({ rollout_id }) =>
    records.rollouts.some(({ id, state }) => id === rollout_id && UNDER_WAY.includes(state)),
  )
  const isTold = records.campaigns.some(
    ({ rollout_id, stands, says }) =>
      stands === 'conflict' &&
      says !== '' &&
      records.events.some((event) => event.type === 'campaign.conflict' && event.rollout_id === rollout_id),
  )
  if (isUnderWay || isTold) return []
  return [`The campaign is not as it was before ${placeOf(first)}, and no conflict is told.`]
}

/** Targets in whatever order. */
function sorted(campaign: unknown): string {
  const entries = Object.entries(campaign as Record<string, unknown>).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map((one) => JSON.stringify(one)).toSorted() : value,
  ])
  return JSON.stringify(entries.toSorted())
}
