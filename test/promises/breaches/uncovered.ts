import { type Case, dataOf, nameOf, personChanges, placeOf, type Records, timeOf } from '../case.ts'
import { policyChanges } from '../replay.ts'

/**
 * (a) Whoever came under MFA by our hand, by a policy that went on or wider or by joining the group, had a before-image
 * and was in a wave that had reached enforcing, or was adopted by name.
 */
export function uncovered(one: Case): string[] {
  const byPolicy = policyChanges(one).flatMap(({ entry, after, caught }) =>
    caught.map((id) => ({ entry, id, what: `${after?.displayName} was switched on or widened over` })),
  )
  const byGroup = personChanges(one)
    .filter((change) => change.towards)
    .map(({ entry, personId }) => ({ entry, id: personId, what: 'we put under MFA' }))
  return [...byPolicy, ...byGroup].flatMap(({ entry, id, what }) => {
    const at = timeOf(entry)
    const lacks = [
      ...(hasImage(one.records, id, at) ? [] : ['who has no before-image']),
      ...(isBegun(one.records, id, at) || isAdopted(one.records, id, at)
        ? []
        : ['who is in no wave that had reached enforcing and was adopted by nobody']),
    ]
    if (lacks.length === 0) return []
    return [`${what} ${nameOf(one, id)} ${placeOf(entry)}, ${lacks.join(' and ')}.`]
  })
}

function hasImage({ images }: Records, id: string, at: number): boolean {
  return images.some(
    (image) =>
      image.person_id === id &&
      image.recorded_at <= at &&
      (image.closed_at === null || image.closed_at >= at),
  )
}

function isBegun({ members, waves }: Records, id: string, at: number): boolean {
  const mine = members.filter((member) => member.person_id === id).map((member) => member.wave_id)
  return waves.some((wave) => mine.includes(wave.id) && wave.enforcing_at !== null && wave.enforcing_at <= at)
}

/** By an event that says so and names the person. */
function isAdopted({ events }: Records, id: string, at: number): boolean {
  return events.some((event) => {
    if (event.type !== 'members.adopted' || event.at > at) return false
    const { people } = dataOf(event) as { people?: unknown }
    return event.person_id === id || (Array.isArray(people) && people.includes(id))
  })
}
