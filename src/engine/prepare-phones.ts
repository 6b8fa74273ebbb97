import type { Ask } from '../graph/directory/ask.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { Change } from '../methods/change.ts'
import { phonePreload, wantedPhone } from '../methods/phone-preload.ts'
import type { CompiledPhones } from '../plan/compiled-prepare-phones.ts'
import { allows, groupsOf, phoneAllowance } from '../prepare/phone-policy.ts'
import { phonesPreparation } from '../prepare/phones.ts'
import { readPhoneWishes } from './phone-entries.ts'
import type { Prepares } from './preparations.ts'
import type { World } from './world.ts'

/** People's numbers, where the plan says so. */
export const preparePhones: Prepares = (world, _rollout, plan) => {
  const phones = plan.prepare?.phones
  if (!phones) return undefined
  const { type, onDifferent } = phones
  return phonesPreparation({
    type,
    onDifferent,
    wishes: (ask) => readPhoneWishes(world, phones, ask),
    allowed: (ids, ask) => readPhoneAllowance(world, type, ids, ask),
    readPhones: (ids, ask) => world.directory.readPhones(ids, ask),
    wanted: wantedPhone,
    change: (wanted) => remembering(world, phonePreload(world.directory, type, wanted)),
  })
}

/** Whom of these people the tenant’s policy of methods lets be asked by a phone of this type. */
export async function readPhoneAllowance(
  world: World,
  type: CompiledPhones['type'],
  ids: readonly string[],
  ask: Ask,
) {
  const allowance = phoneAllowance(await world.directory.readMethodsPolicy(ask), type)
  const members = new Map<string, ReadonlySet<string>>()
  for (const group of groupsOf(allowance)) {
    members.set(group, new Set(await world.directory.listTransitiveUsers(group, ask)))
  }
  return new Map(
    ids.map((id) => [id, allows(allowance, (group) => members.get(group)?.has(id) ?? false)] as const),
  )
}

/** What is read of a person for the change is known of them from then on. */
function remembering(world: World, change: Change): Change {
  return {
    ...change,
    async read(ids, ask) {
      const images = await change.read(ids, ask)
      const at = world.clock.now()
      const known = [...images].flatMap(([id, image]) => {
        if (image instanceof GraphFailure) return []
        const text = (type: string) =>
          typeof image[type] === 'string' && image[type] !== '' ? image[type] : undefined
        const numbers = {
          mobile: text('mobile'),
          alternateMobile: text('alternateMobile'),
          office: text('office'),
        }
        return [[id, { at, ...numbers }] as const]
      })
      await world.store.tx((writer) => writer.saveFacts('phones', known))
      return images
    },
  }
}
