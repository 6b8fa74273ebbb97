import { expect, test } from 'vitest'
import { joined, readyPeople } from './journal.ts'
import { gates, planText, TEST_WAVE } from './plan-of-waves.ts'
import { ANDERS, HANNE, knowAnders, ONA, openRig, type Rig } from './rig.ts'

/** After the members were read, whether each of them is still there. */
const PRESENCE = '/users\\?.*filter'

/** The second wave of three people is about to be judged, for the first time or after its approval. */
async function aboutToBeJudged(when: 'first' | 'afterApproval') {
  const rig = await openRig()
  await knowAnders(rig)
  const people = readyPeople(rig, 3) as [string, string, string]
  const asked = gates({ approval: { from: 'approver', answerWithin: '30d' } })
  const few = { name: 'few', members: { users: people }, gates: asked }
  const id = await rig.started(planText({ waves: [TEST_WAVE, few as never] }))
  const isOf = (type: string) => (event: { type: string; waveId: string | null }) =>
    event.type === type && rig.waveName(event.waveId) === 'few'
  const approve = async () => {
    await rig.until('wave.awaitingApproval', 'few')
    await rig.act(ANDERS, 'approve', id, { wave: 'few' })
  }
  if (when === 'afterApproval') await rig.until('wave.awaitingApproval', 'few')
  const meanwhile = (run: () => Promise<unknown>) =>
    rig.when(isOf(when === 'first' ? 'wave.checkingReadiness' : 'wave.awaitingWindow'), () =>
      rig.tenant.addFault({ path: PRESENCE, times: 1, do: { kind: 'meanwhile', run } }),
    )
  return { rig, id, people, approve, meanwhile }
}

const defer = (rig: Rig, id: string, person: string) =>
  rig.act(HANNE, 'defer', id, { people: [person], approver: ANDERS.person, until: '2026-03-20' })

test.each(['first', 'afterApproval'] as const)(
  'who is deferred or taken back by name while their readiness is read stays so: %s',
  async (when) => {
    const { rig, id, people, approve, meanwhile } = await aboutToBeJudged(when)
    let said = 0
    meanwhile(async () => {
      await defer(rig, id, people[0])
      await rig.act(ONA, 'rollback', id, { people: [people[1]] })
      said += 1
    })
    if (when === 'first') await approve()
    else await rig.act(ANDERS, 'approve', id, { wave: 'few' })
    await rig.until('wave.soaking', 'few')
    expect(said).toBe(1)
    expect(joined(rig)).toContain(people[2])
    expect(joined(rig)).not.toContain(people[0])
    expect(joined(rig)).not.toContain(people[1])
    expect(await rig.wavegate.service.member(id, people[0])).toMatchObject({ deferred: 'deferred' })
    expect(await rig.wavegate.service.member(id, people[1])).toMatchObject({ deferred: 'rolledBack' })
  },
)
