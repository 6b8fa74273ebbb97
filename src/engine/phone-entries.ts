import type { Ask } from '../graph/directory/ask.ts'
import type { Contact } from '../graph/directory/contacts.ts'
import type { Directory } from '../graph/directory/directory.ts'
import { readPeopleFile } from '../people/csv-people.ts'
import { numbersInFile } from '../people/csv-phone-entries.ts'
import type { Person } from '../people/person.ts'
import { type PhoneEntry, type PhoneWish, phoneWishes } from '../people/phone-wishes.ts'
import type { CompiledPhones } from '../plan/compiled-prepare-phones.ts'
import { scaleOf } from './scale.ts'
import type { World } from './world.ts'

/** What everybody is to get takes a reading of the whole directory; the chunks of a wave share it for a while. */
const GOOD_FOR = 30 * 60_000

interface Remembered {
  key: string
  at: number
  wishes: Promise<ReadonlyMap<string, PhoneWish>>
}
const remembered = new WeakMap<Directory, Remembered>()

/** The number each person of the tenant is to get by this plan, or why a person has to look. */
export function readPhoneWishes(
  world: World,
  phones: CompiledPhones,
  ask: Ask,
): Promise<ReadonlyMap<string, PhoneWish>> {
  const key = JSON.stringify(phones)
  const now = world.clock.now()
  const known = remembered.get(world.directory)
  if (known && known.key === key && now - known.at < GOOD_FOR * scaleOf(world)) return known.wishes
  const wishes = wishesNow(world, phones, ask)
  remembered.set(world.directory, { key, at: now, wishes })
  // What failed is not remembered.
  wishes.catch(() => remembered.delete(world.directory))
  return wishes
}

async function wishesNow(world: World, phones: CompiledPhones, ask: Ask) {
  const contacts = await world.directory.listContacts(ask)
  const entries =
    phones.from.kind === 'csv' ? await inFile(world, phones, contacts) : contacts.map(inDirectory(phones))
  return phoneWishes(entries, phones)
}

function inDirectory({ type }: CompiledPhones): (contact: Contact) => PhoneEntry {
  return (contact) => ({
    ...common(contact),
    typed: type === 'office' ? contact.businessPhones[0] : contact.mobilePhone,
  })
}

/** Of who left, what the directory still has: their number may be somebody else's by now. */
async function inFile(
  world: World,
  phones: CompiledPhones,
  contacts: readonly Contact[],
): Promise<PhoneEntry[]> {
  const digest = phones.from.kind === 'csv' ? phones.from.digest : ''
  const bytes = await world.store.read.fileBytes(digest)
  if (bytes === undefined) throw new Error(`the file ${digest} is not here any more`)
  const numbers = numbersInFile(readPeopleFile(bytes), contacts.map(personOf), phones.type)
  return contacts.map((contact) => {
    const entry = inDirectory(phones)(contact)
    const found = numbers.get(contact.id)
    if (found) return { ...entry, ...found }
    return entry.hasLeft ? entry : { ...entry, typed: undefined }
  })
}

function common({ id, accountEnabled, usageLocation, country, manager }: Contact) {
  return {
    id,
    hasLeft: accountEnabled !== true,
    region: regionOf(usageLocation, country),
    managerId: manager?.id,
  }
}

/** The country is whatever somebody wrote; two letters can be one. */
function regionOf(usageLocation: string | null, country: string | null): string | undefined {
  return [usageLocation, country].find((one) => one !== null && /^[A-Za-z]{2}$/.test(one.trim())) ?? undefined
}

function personOf(contact: Contact): Person {
  const { id, userPrincipalName: upn, mail, employeeId, accountEnabled, usageLocation, country } = contact
  return {
    ...{ id, upn, displayName: upn, accountEnabled: accountEnabled === true, userType: 'Member' },
    ...{ mail: mail ?? undefined, employeeId: employeeId ?? undefined },
    usageLocation: regionOf(usageLocation, country),
  }
}
