import { expect, test } from 'vitest'
import { METTE, openRig, type Rig } from './rig.ts'

const WHY = { reason: 'before the change board', dryRun: false }

type People = Rig['tenant']['world']['people']

async function asked(rig: Rig) {
  await rig.wavegate.service.gatherPeople(METTE, { ...WHY, again: true })
  await rig.until('people.gathered')
  const { questions, next } = await rig.wavegate.service.listQuestions({ state: 'open', limit: 1000 })
  expect(next).toBeNull()
  const about = (kind: string) =>
    new Set(questions.filter((one) => one.kind === kind).map((one) => one.personId))
  return { person: about('person'), legacy: about('legacy') }
}

function sorted(people: People) {
  const ids = (isSo: (one: People[number]) => boolean) => people.filter(isSo).map(({ id }) => id)
  return {
    devices: ids((one) => one.habit.device),
    oldMail: ids((one) => one.habit.legacyClient !== null && !one.habit.device),
    services: ids((one) => one.kind === 'service'),
    shared: ids((one) => one.kind === 'shared'),
    emergency: ids((one) => one.kind === 'emergency'),
    real: ids((one) => (one.kind === 'member' || one.kind === 'guest') && !one.habit.device),
  }
}

function numbersOf(people: People, { person, legacy }: Awaited<ReturnType<typeof asked>>) {
  const { devices, oldMail, services, shared, emergency, real } = sorted(people)
  const found = (some: readonly string[], among: ReadonlySet<string>) =>
    `${some.filter((id) => among.has(id)).length} of ${some.length}`
  const others = real.filter((id) => !oldMail.includes(id))
  return {
    devices: found(devices, person),
    oldMail: found(oldMail, legacy),
    services: found(services, person),
    shared: found(shared, person),
    emergency: found(emergency, person),
    askedWhetherTheyArePeople: found(real, person),
    askedAboutAProgramTheyDoNotUse: found(others, legacy),
  }
}

test('of 1,200 people old programs and accounts that are no people are asked about, and no others', async () => {
  const rig = await openRig({ people: 1_200, scenario: 'legacy-clients' })
  const { world } = rig.tenant
  const { people } = world
  const first = await asked(rig)
  expect(numbersOf(people, first)).toEqual({
    devices: '6 of 6',
    // One of them is under per-user MFA, where the old program is turned away already.
    oldMail: '11 of 12',
    services: '11 of 11',
    shared: '22 of 22',
    // No plan names them yet.
    emergency: '2 of 2',
    askedWhetherTheyArePeople: '0 of 1159',
    askedAboutAProgramTheyDoNotUse: '0 of 1147',
  })
  const missed = sorted(people).oldMail.filter((id) => !first.legacy.has(id))
  expect(missed.map((id) => world.person(id).perUserMfa)).toEqual(['enforced'])

  // Names that say nothing: what they do and what they lack has to tell them.
  const { devices, services, shared } = sorted(people)
  for (const [place, id] of [...devices, ...services, ...shared].entries())
    world.patchUser(id, {
      displayName: `Kim Holm ${place}`,
      userPrincipalName: `kim.holm${place}@contoso.com`,
    })
  await rig.pass(3_600_000)
  const second = await asked(rig)
  expect((await rig.wavegate.service.knownPerson(devices[0] ?? '')).displayName).toBe('Kim Holm 0')
  expect(numbersOf(people, second)).toEqual(numbersOf(people, first))
})
