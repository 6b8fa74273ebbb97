import type { ConditionalAccessPolicy } from '@microsoft/microsoft-graph-types'
import { beforeAll, describe, expect, test } from 'vitest'
import { GROUP, PILOT, POLICY, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { type Case, type Entry, isByUs, type PersonChange, personChanges, type Row, timeOf } from './case.ts'
import { back, forward, journey, start } from './journey.ts'
import { breachesOf } from './judge.ts'
import { peopleIn } from './snapshot.ts'

// What really happened, on a small tenant; each test tells it otherwise in one point.
let genuine: Case
let groupId: string
let policyId: string

beforeAll(async () => {
  const here = await journey('clean', { waves: [TEST_WAVE, PILOT] }, { people: 60, byHand: true })
  const id = await start(here)
  await forward(here.rig, id, 6)
  await back(here.rig, id)
  genuine = await here.witness.testify()
  groupId = here.rig.tenant.world.group(GROUP).id
  policyId = genuine.records.rollouts[0]?.policy_id as string
  await here.rig.close()
}, 60_000)

function doctored(change: (told: Case) => unknown): string[] {
  const told = structuredClone(genuine)
  change(told)
  return breachesOf(told)
}

function firstJoin(told: Case): PersonChange {
  return personChanges(told).find((change) => change.towards) as PersonChange
}

const upn = (id: string) => genuine.before.people.get(id)?.upn as string
const somebodyElse = () =>
  [...genuine.before.people.keys()].find(
    (id) => !genuine.untouchable.has(id) && !personChanges(genuine).some((change) => change.personId === id),
  ) as string

const policyEntries = (told: Case) => told.journal.filter(({ target }) => target.endsWith(policyId))
const stateOf = ({ after }: Entry) => (after as ConditionalAccessPolicy | null)?.state
const switchOn = (told: Case) => policyEntries(told).find((entry) => stateOf(entry) === 'enabled') as Entry

/** Written into the journal straight after another entry, as if we had done it. */
function insert(told: Case, after: Entry, entry: Partial<Entry>): void {
  told.journal.splice(told.journal.indexOf(after) + 1, 0, { ...after, requestId: 'doctored', ...entry })
}

function says(told: Case, event: Partial<Row<'event'>>): void {
  const whole = {
    ...(told.records.events[0] as Row<'event'>),
    rollout_id: told.records.rollouts[0]?.id as string,
  }
  told.records.events.push({ ...whole, wave_id: null, person_id: null, reason: '', data: '{}', ...event })
  told.records.events.sort((a, b) => a.at - b.at)
}

function held(told: Case, kind: string, at: number): void {
  const data = JSON.stringify({ hold: { kind } })
  says(told, { type: 'hold.placed', at: at - 1, data })
  says(told, { type: 'hold.lifted', at: at + 1, data })
}

test('of what really happened there is no breach to name, and much was done', () => {
  expect(breachesOf(genuine)).toEqual([])
  expect(personChanges(genuine).length).toBeGreaterThan(7)
  expect(genuine.journal.filter(isByUs).length).toBeGreaterThan(10)
})

describe('(a) under MFA with a before-image and in a begun wave, or adopted', () => {
  test('a person without a before-image is named', () => {
    const { personId } = firstJoin(genuine)
    const found = doctored(({ records }) => {
      records.images = records.images.filter((image) => image.person_id !== personId)
    })
    expect(found[0]).toMatch(`we put under MFA ${upn(personId)} at `)
    expect(found[0]).toContain('who has no before-image')
  })

  test('people of a wave that had not reached enforcing are named', () => {
    const found = doctored(({ records }) => {
      for (const wave of records.waves) if (wave.name === 'pilot') wave.enforcing_at = null
    })
    expect(found.length).toBeGreaterThan(1)
    expect(found.every((sentence) => sentence.includes('in no wave that had reached enforcing'))).toBe(true)
  })

  test('a policy switched on over somebody who was there before is a breach; adopted by name it is none', () => {
    const id = somebodyElse()
    const spoil = (told: Case) => {
      told.before.groups.get(groupId)?.add(id)
      told.after.groups.get(groupId)?.add(id)
    }
    const [sentence] = doctored(spoil)
    expect(sentence).toContain(`${POLICY} was switched on or widened over ${upn(id)}`)
    const adopted = doctored((told) => {
      spoil(told)
      const image = { ...(told.records.images[0] as Row<'before_image'>), person_id: id, recorded_at: 0 }
      told.records.images.push({ ...image, image: '{"member":true}' })
      says(told, {
        type: 'members.adopted',
        at: 0,
        actor: 'anders@contoso.com',
        data: JSON.stringify({ people: [id] }),
      })
    })
    expect(adopted).toEqual([])
  })

  test.each([
    ['widened to all', { includeUsers: ['All'], includeGroups: [], excludeUsers: [], excludeGroups: [] }],
    ['excluding its emergency accounts no longer', { includeUsers: ['All'], excludeUsers: [] }],
  ])('a policy %s is a breach with names', (_how, users) => {
    const found = doctored((told) => {
      const on = switchOn(told)
      const wide = structuredClone(on.after) as ConditionalAccessPolicy
      Object.assign(wide.conditions?.users ?? {}, users)
      insert(told, on, { before: on.after, after: wide })
    })
    expect(found).toContainEqual(expect.stringContaining('widened over bg1@contoso.onmicrosoft.com'))
  })
})

describe('(b) nobody protected', () => {
  test.each([
    'bg1@contoso.onmicrosoft.com',
    'a guest',
    'in the protected group Service accounts',
    'an administrator',
  ])('%s changed by us is named; by another hand it is not ours', (which) => {
    const [id, why] = [...genuine.untouchable].find(
      ([one, reason]) => reason === which || upn(one) === which,
    ) as [string, string]
    const touch = (actor: string) =>
      doctored((told) => {
        const on = switchOn(told)
        const target = `users/${id}/authentication/methods`
        insert(told, on, { actor, target, before: null, after: {} })
      })
    expect(touch('app')).toEqual([expect.stringContaining(`We changed ${upn(id)} at `)])
    expect(touch('app')[0]).toContain(`who is ${why}`)
    expect(touch('other')).toEqual([])
  })

  test('a group within a protected group protects too', () => {
    const groups = new Map([
      ['outer', new Set(['inner', 'ann'])],
      ['inner', new Set(['bob', 'outer'])],
    ])
    expect([...peopleIn(groups, 'outer')].toSorted()).toEqual(['ann', 'bob'])
  })
})

describe('(c) on record before it happened', () => {
  test('a before-image that is younger than the change is named', () => {
    const { personId, entry } = firstJoin(genuine)
    const found = doctored(({ records }) => {
      for (const image of records.images)
        if (image.person_id === personId) image.recorded_at = Date.parse(entry.at) + 1
    })
    expect(found).toContainEqual(
      expect.stringMatching(
        `^${upn(personId)} was put under MFA .* without a before-image on record before it`,
      ),
    )
  })

  test('an attempt that is younger than the change, or of another request, is named', () => {
    const { personId, entry } = firstJoin(genuine)
    const sentence = expect.stringMatching(
      `^${upn(personId)} was put under MFA .* without an attempt on record before it`,
    )
    const mine = ({ records }: Case) => records.attempts.filter((one) => one.person_id === personId)
    const late = doctored((told) => {
      for (const attempt of mine(told)) attempt.intended_at = Date.parse(entry.at) + 1
    })
    expect(late).toContainEqual(sentence)
    const other = doctored((told) => {
      for (const attempt of mine(told)) attempt.client_request_id = 'another'
    })
    expect(other).toContainEqual(sentence)
  })

  test('a change made twice on one attempt is named', () => {
    const found = doctored((told) => {
      const { entry } = firstJoin(told)
      insert(told, entry, { requestId: entry.requestId })
    })
    expect(found).toEqual([expect.stringContaining('without an attempt on record before it')])
  })
})

describe('(d) after a rollback everybody is as before, or listed', () => {
  test('who is still in the group is named, unless a reason is on record', () => {
    const { personId } = firstJoin(genuine)
    const still = (told: Case) => told.after.groups.get(groupId)?.add(personId)
    expect(doctored(still)).toEqual([
      `${upn(personId)} is in the group, and was not after the rollback, and no reason is on record.`,
    ])
    const listed = doctored((told) => {
      still(told)
      const mine = told.records.members.filter((member) => member.person_id === personId)
      for (const member of mine) Object.assign(member, { restore: 'unknown', restore_reason: 'still there' })
    })
    expect(listed).toEqual([])
  })

  test('per-user MFA that is not as before is named; what Microsoft turned by itself is not', () => {
    const { personId } = firstJoin(genuine)
    const turned = (was: string, is: string) =>
      doctored(({ before, after }) => {
        Object.assign(before.people.get(personId) ?? {}, { perUserMfa: was })
        Object.assign(after.people.get(personId) ?? {}, { perUserMfa: is })
      })
    expect(turned('enforced', 'disabled')).toEqual([expect.stringContaining('per-user MFA disabled')])
    expect(turned('disabled', 'enforced')).toEqual([expect.stringContaining('per-user MFA enforced')])
    expect(turned('enabled', 'enforced')).toEqual([])
  })

  test('a policy that is on after the rollback, or another than it was, is named', () => {
    const policy = (told: Case) => told.after.policies.get(policyId) as ConditionalAccessPolicy
    expect(doctored((told) => Object.assign(policy(told), { state: 'enabled' }))).toEqual([
      `The policy ${POLICY}, which we made, is enabled after the rollback.`,
    ])
    const changed = doctored((told) => {
      told.before.policies.set(policyId, structuredClone({ ...policy(told), state: 'disabled' }))
    })
    expect(changed).toEqual([`The policy ${POLICY} is not as it was before us after the rollback.`])
  })
})

describe('(e) nothing lowered without a word', () => {
  test.each([
    ['nobody', () => false],
    ['a machine', (event: Row<'event'>) => Boolean(Object.assign(event, { actor: 'wavegate' }))],
    [
      'somebody who meant another',
      (event: Row<'event'>) => Boolean(Object.assign(event, { data: '{"people":[]}' })),
    ],
    [
      'somebody, afterwards',
      (event: Row<'event'>) => Boolean(Object.assign(event, { at: event.at + 86_400_000 })),
    ],
  ])('a rollback asked for by %s: everybody taken out is named, and the policy', (_who, keep) => {
    const found = doctored(({ records }) => {
      records.events = records.events.filter((event) => event.type !== 'verb.rollback' || keep(event))
    })
    const { personId } = firstJoin(genuine)
    expect(found).toContainEqual(
      expect.stringMatching(`^We lowered ${upn(personId)} .* nobody had asked for it`),
    )
    expect(found).toContainEqual(
      expect.stringMatching(`^We switched off or narrowed .*${POLICY.slice(0, 11)}`),
    )
  })

  test('per-user MFA switched off is named', () => {
    const { personId } = firstJoin(genuine)
    const found = doctored((told) => {
      const target = `users/${personId}/authentication/requirements`
      const [before, after] = [{ perUserMfaState: 'enforced' }, { perUserMfaState: 'disabled' }]
      insert(told, switchOn(told), { target, before, after })
    })
    expect(found).toContainEqual(expect.stringContaining(`We lowered ${upn(personId)}`))
  })

  test('a policy that a machine switches off between two waves is named', () => {
    const found = doctored((told) => {
      const on = switchOn(told)
      const off = { ...(on.after as object), state: 'disabled' }
      insert(told, on, { before: on.after, after: off })
    })
    expect(found).toEqual([expect.stringContaining(`We switched off or narrowed ${POLICY}`)])
  })
})

describe('(f) nothing towards MFA while held', () => {
  test.each([
    ['user', 'paused'],
    ['freeze', 'frozen'],
    ['disarmed', 'disarmed'],
    ['budgetSpent', 'over its budget'],
  ])('a change begun under the hold %s is named', (kind, word) => {
    const { personId, entry } = firstJoin(genuine)
    const found = doctored((told) => held(told, kind, Date.parse(entry.at)))
    expect(found).toContainEqual(
      expect.stringMatching(`^We put ${upn(personId)} under MFA .* while ${word}\\.$`),
    )
  })

  test('what was in flight when the hold came may end', () => {
    const { entry, personId } = firstJoin(genuine)
    const found = doctored((told) => {
      for (const attempt of told.records.attempts)
        if (attempt.person_id === personId && attempt.direction === 'apply') attempt.intended_at -= 10
      const data = JSON.stringify({ hold: { kind: 'user' } })
      says(told, { type: 'hold.placed', at: Date.parse(entry.at) - 5, data })
      for (const image of told.records.images) if (image.person_id === personId) image.recorded_at -= 10
      for (const wave of told.records.waves) wave.enforcing_at = 0
    })
    expect(found.filter((sentence) => sentence.includes(`We put ${upn(personId)} under MFA`))).toEqual([])
  })

  test('the policy switched on while frozen is named', () => {
    const found = doctored((told) => held(told, 'freeze', Date.parse(switchOn(told).at)))
    expect(found).toContainEqual(expect.stringMatching(`^We switched on or widened .* while frozen\\.$`))
  })

  test('a rearm switches on under its disarm, and only a rearm does', () => {
    const at = Date.parse(switchOn(genuine).at)
    const sentence = expect.stringMatching('^We switched on or widened .* while disarmed')
    expect(doctored((told) => held(told, 'disarmed', at))).toContainEqual(sentence)
    const rearmed = doctored((told) => {
      held(told, 'disarmed', at)
      says(told, { type: 'verb.rearm', at: at + 1, actor: 'mette@contoso.com' })
    })
    expect(rearmed).not.toContainEqual(sentence)
  })
})

describe('(g) prepared when the wave had begun to prepare, with image and attempt on record', () => {
  /** As if we had added the number of a person just after the switch. */
  function phoned(told: Case, personId: string, request = 'doctored'): Entry {
    const on = switchOn(told)
    const target = `users/${personId}/authentication/phoneMethods/3179e48a-750b-4051-897c-87b9720928f7`
    insert(told, on, { target, before: null, after: { phoneNumber: '+45 12345678' }, requestId: request })
    return told.journal[told.journal.indexOf(on) + 1] as Entry
  }

  function onRecord(told: Case, personId: string, at: number): void {
    const [attempt, image] = [told.records.attempts[0], told.records.images[0]]
    const of = { person_id: personId, effect: 'phone', target: 'tenant' }
    told.records.attempts.push({
      ...(attempt as Row<'attempt'>),
      ...of,
      id: 99_999,
      direction: 'apply',
      intended_at: at - 1,
      client_request_id: 'doctored',
    })
    told.records.images.push({
      ...(image as Row<'before_image'>),
      ...of,
      recorded_at: at - 1,
      closed_at: null,
    })
  }

  test('a person in no wave is named, with all that is missing', () => {
    const id = somebodyElse()
    const [sentence] = doctored((told) => phoned(told, id))
    expect(sentence).toContain(`We prepared ${upn(id)} at `)
    expect(sentence).toContain('whose wave had not begun to prepare and without an attempt')
  })

  test('on record, and in a wave that prepares, it is no breach; before the wave began to, it is', () => {
    const { personId } = firstJoin(genuine)
    const spoil = (told: Case) => {
      const at = Date.parse(phoned(told, personId).at)
      onRecord(told, personId, at)
      return at
    }
    expect(doctored(spoil)).toEqual([])
    const [sentence, ...more] = doctored((told) => {
      const at = spoil(told)
      for (const event of told.records.events) if (event.type === 'wave.preparing') event.at = at + 1
    })
    expect(sentence).toMatch(/We prepared .* whose wave had not begun to prepare\.$/)
    expect(more).toEqual([])
  })

  test('a number added while paused is named', () => {
    const { personId } = firstJoin(genuine)
    const found = doctored((told) => {
      const at = Date.parse(phoned(told, personId).at)
      onRecord(told, personId, at)
      held(told, 'user', at - 1)
    })
    expect(found.filter((one) => one.startsWith('We prepared'))).toHaveLength(1)
    expect(found.at(0)).toContain('while paused')
  })
})

describe('(h) switched when the notices had gone out, and nobody written to twice', () => {
  const DAY = 86_400_000

  function written(told: Case, at: number): Row<'notice'> {
    const { personId } = firstJoin(told)
    const row: Row<'notice'> = {
      rollout_id: 'r',
      wave_id: 'w',
      person_id: personId,
      notice: 'before-1d',
      moment: 'before',
      lead_ms: DAY,
      is_first: 1,
      is_last: 1,
      state: 'accepted',
      reason: null,
      address: 'anna@contoso.com',
      language: 'en',
      says_at: at + DAY,
      asked_at: at,
      at,
      request_id: null,
    }
    told.records.notices.push(row)
    return row
  }

  const joinedAt = (told: Case) => Date.parse(firstJoin(told).entry.at)

  test('a day and more after the notice it is no breach, sooner it is', () => {
    expect(doctored((told) => written(told, joinedAt(told) - DAY))).toEqual([])
    const [sentence, ...more] = doctored((told) => written(told, joinedAt(told) - DAY + 1))
    expect(sentence).toMatch(/^We put .* under MFA at .*, sooner than before-1d allowed\.$/)
    expect(more).toEqual([])
  })

  test('a mail more than there are notices is named', () => {
    const mail = { target: 'users/it/sendMail', before: null, after: { to: ['anna@contoso.com'] } }
    const spoil = (times: number) => (told: Case) => {
      const { entry } = firstJoin(told)
      written(told, joinedAt(told) - DAY)
      for (let one = 0; one < times; one++) insert(told, entry, mail)
    }
    expect(doctored(spoil(1))).toEqual([])
    expect(doctored(spoil(2))).toEqual(['We wrote to anna@contoso.com 2 times, and 1 notices are on record.'])
  })
})

describe('(i) the campaign is as it was after the end, or a conflict is told', () => {
  const target = 'policies/authenticationMethodsPolicy/registrationCampaign'
  const was = { state: 'enabled', snoozeDurationInDays: 1, includeTargets: [{ id: 'it' }] }
  const ours = { ...was, snoozeDurationInDays: 3, includeTargets: [{ id: 'it' }, { id: 'ours' }] }

  /** As if the campaign had been changed with the switch, and put back to this. */
  function asked(told: Case, back: unknown, stands = 'restored', says = ''): void {
    const on = switchOn(told)
    insert(told, on, { target, before: ours, after: back })
    insert(told, on, { target, before: was, after: ours })
    const [image, at] = [told.records.tenantImages[0] as Row<'tenant_image'>, timeOf(on) - 1]
    told.records.tenantImages.push({ ...image, kind: 'registrationCampaign', recorded_at: at })
    const rollout_id = told.records.rollouts[0]?.id as string
    told.records.campaigns.push({ rollout_id, stands, says, sent: null, at })
    if (stands === 'conflict') tellConflict(told)
  }
  const tellConflict = (told: Case) => says(told, { type: 'campaign.conflict' })
  const left = [expect.stringMatching('^The campaign is not as it was before at .*no conflict is told')]

  test('put back it is no breach, in whatever order its targets come', () => {
    expect(doctored((told) => asked(told, was))).toEqual([])
  })

  test('left as we had made it is named, also with a conflict that nobody was told', () => {
    expect(doctored((told) => asked(told, ours))).toEqual(left)
    expect(doctored((told) => asked(told, ours, 'conflict', ''))).toEqual(left)
    expect(doctored((told) => asked(told, { ...was, snoozeDurationInDays: 7 }))).toEqual(left)
    expect(doctored((told) => asked(told, ours, 'conflict', 'another hand set it'))).toEqual([])
  })

  test('changed without a before-image is named', () => {
    const found = doctored((told) => {
      asked(told, was)
      for (const image of told.records.tenantImages)
        if (image.kind === 'registrationCampaign') image.recorded_at = Number.MAX_SAFE_INTEGER
    })
    expect(found).toHaveLength(2)
    expect(found[0]).toMatch(/^We changed the campaign at .* without a before-image/)
  })
})
