import type { PlanInput } from '../../src/plan/schema.ts'
import { readyPeople } from './journal.ts'
import { GROUP, gates, POLICY, planText } from './plan-of-waves.ts'
import { METTE, MINUTE, openRig, type Rig } from './rig.ts'

export interface Tale {
  rig: Rig
  id: string
  /** Everybody of the one wave; all but the last were under per-user MFA before. */
  people: string[]
}

type Options = Parameters<typeof openRig>[0]

export const WAVE = 'test-user'

/** A draft that takes five people of one wave over, with days enough for most of them to sign in. */
export async function drafted(options: Options = {}, plan = crossingPlan): Promise<Tale> {
  const rig = await openRig(options)
  const people = readyPeople(rig, 5).toSorted()
  for (const person of people.slice(0, -1)) rig.tenant.world.setPerUserMfa(person, 'enforced')
  await rig.pass(20 * MINUTE)
  const id = await rig.draft(plan(people))
  return { rig, id, people }
}

export async function begun(options: Options = {}, plan = crossingPlan): Promise<Tale> {
  const tale = await drafted(options, plan)
  await tale.rig.act(METTE, 'start', tale.id)
  return tale
}

export function crossingPlan(people: string[], more: Partial<PlanInput> = {}): string {
  return planText({
    enforce: { by: 'conditional-access', group: GROUP, policy: POLICY, retirePerUserMfa: true },
    gates: gates({ soak: { for: '2d' } }),
    waves: [{ name: WAVE, members: { users: people } }],
    ...more,
  })
}

export interface Turn {
  seq: number
  at: number
  person: string
  actor: string
  before: string
  after: string
}

/** Every change of somebody's per-user state that our application made, in order. */
export function turns(rig: Rig): Turn[] {
  return rig.tenant.world.journal.entries.flatMap((entry) => {
    const person = /^users\/([^/]+)\/authentication\/requirements$/.exec(entry.target)?.[1]
    if (person === undefined || entry.actor !== 'app') return []
    const state = (image: unknown) => (image as { perUserMfaState: string }).perUserMfaState
    const { seq, actor, before, after, at } = entry
    return [{ seq, person, actor, before: state(before), after: state(after), at: Date.parse(at) }]
  })
}

export function stateOf(rig: Rig, person: string): string {
  return rig.tenant.world.person(person).perUserMfa
}

export async function membersOf({ rig, id }: Tale) {
  return (await rig.wavegate.service.members(id, WAVE, { limit: 500 })).members
}

/** Lets time pass until so many have gone over. */
export async function retired(tale: Tale, count = 1): Promise<string[]> {
  for (;;) {
    await tale.rig.until('members.retired')
    const gone = (await membersOf(tale)).filter((member) => member.perUserMfa === 'retired')
    if (gone.length >= count) return gone.map((member) => member.personId)
  }
}
