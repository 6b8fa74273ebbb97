import { readyPeople } from './journal.ts'
import { GROUP, gates, PILOT, POLICY, planText, TEST_WAVE } from './plan-of-waves.ts'
import { type Rig, METTE, openRig } from './rig.ts'

/** A plan that ends per-user MFA; two waves of those whom the tests give it beforehand. */
export function crossingPlan(change: Parameters<typeof planText>[0] = {}): string {
  return planText({
    enforce: { by: 'conditional-access', group: GROUP, policy: POLICY, retirePerUserMfa: true },
    gates: gates({ soak: { for: '2d' } }),
    waves: [TEST_WAVE, PILOT],
    ...change,
  })
}

/** A tenant where everybody in IT who is ready is under per-user MFA, and a draft that is to take them over. */
export async function drafted(
  options: Parameters<typeof openRig>[0] = {},
): Promise<{ rig: Rig; id: string; people: string[] }> {
  const rig = await openRig(options)
  const people = ready(rig)
  for (const person of people) rig.tenant.world.setPerUserMfa(person, 'enforced')
  await rig.pass(20 * 60_000)
  const id = await rig.draft(crossingPlan())
  return { rig, id, people }
}

export async function begun(options: Parameters<typeof openRig>[0] = {}) {
  const tale = await drafted(options)
  await tale.rig.act(METTE, 'start', tale.id)
  return tale
}

function ready(rig: Rig): string[] {
  for (let count = 30; count > 0; count--) {
    try {
      return readyPeople(rig, count, 'IT')
    } catch {}
  }
  return []
}

export interface Turn {
  seq: number
  at: number
  person: string
  actor: string
  before: string
  after: string
}

/** Every change of somebody's per-user state, in order. */
export function turns(rig: Rig): Turn[] {
  return rig.tenant.world.journal.entries.flatMap((entry) => {
    const person = /^users\/([^/]+)\/authentication\/requirements$/.exec(entry.target)?.[1]
    if (person === undefined) return []
    const state = (image: unknown) => (image as { perUserMfaState: string }).perUserMfaState
    const { seq, actor, before, after, at } = entry
    return [{ seq, person, actor, before: state(before), after: state(after), at: Date.parse(at) }]
  })
}

/** Ours alone. */
export function ours(rig: Rig): Turn[] {
  return turns(rig).filter((turn) => turn.actor === 'app')
}

export function stateOf(rig: Rig, person: string): string {
  return rig.tenant.world.person(person).perUserMfa
}

export async function membersOf(rig: Rig, id: string, wave = 'pilot') {
  return (await rig.wavegate.service.members(id, wave, { limit: 500 })).members
}
