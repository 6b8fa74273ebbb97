import { expect, test } from 'vitest'
import { METTE, openRig } from './rig.ts'

test('of 1,200 people all old programs and all accounts that are no people are asked about, and nobody else', async () => {
  const rig = await openRig({ people: 1_200, scenario: 'legacy-clients' })
  const { service } = rig.wavegate
  await service.gatherPeople(METTE, { reason: 'before the change board', dryRun: false, again: false })
  await rig.until('people.gathered')
  const { questions, next } = await service.listQuestions({ state: 'open', limit: 1000 })
  expect(next).toBeNull()
  const { people } = rig.tenant.world
  const about = (kind: string) => new Set(questions.filter((one) => one.kind === kind).map((one) => one.personId))
  const [asPerson, asLegacy] = [about('person'), about('legacy')]
  const ids = (isSo: (one: (typeof people)[number]) => boolean) => people.filter(isSo).map(({ id }) => id)
  const devices = ids((one) => one.habit.device)
  const oldMail = ids((one) => one.habit.legacyClient !== null && !one.habit.device)
  const services = ids((one) => one.kind === 'service')
  const shared = ids((one) => one.kind === 'shared')
  const emergency = ids((one) => one.kind === 'emergency')
  const real = ids((one) => (one.kind === 'member' || one.kind === 'guest') && !one.habit.device)
  const found = (some: readonly string[], among: ReadonlySet<string>) =>
    `${some.filter((id) => among.has(id)).length} of ${some.length}`
  const numbers = {
    devices: found(devices, asPerson),
    oldMail: found(oldMail, asLegacy),
    services: found(services, asPerson),
    shared: found(shared, asPerson),
    emergency: found(emergency, asPerson),
    realAskedWhetherPeople: found(real, asPerson),
    realAskedAboutAnOldProgramTheyDoNotUse: found(
      real.filter((id) => !oldMail.includes(id)),
      asLegacy,
    ),
  }
  console.info(JSON.stringify(numbers, null, 1), (await service.gathering()).sources.map((one) => `${one.source} ${one.calls}`).join(', '))
  expect(numbers).toEqual({})
})
