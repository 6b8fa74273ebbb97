import { expect, test } from 'vitest'
import { joined } from '../engine/journal.ts'
import { GROUP, gates, POLICY, planText } from '../engine/plan-of-waves.ts'
import { ANDERS, DAY, MINUTE, ONA, openRig, type Rig } from '../engine/rig.ts'

/** A rollout in the long soak of its first wave. */
async function soaking(): Promise<{ rig: Rig; id: string }> {
  const rig = await openRig()
  const id = await rig.started(planText({ gates: gates({ soak: { for: '10d' } }) }))
  await rig.until('wave.soaking')
  await rig.pass(10 * MINUTE)
  return { rig, id }
}

const FOREIGN = 'kept by wavegate [wavegate:other]'

const MEANWHILE: [finding: string, because: string, spoil: (rig: Rig) => void][] = [
  [
    'group.mark',
    'another installation has put its mark on the group',
    ({ tenant }) => Object.assign(tenant.world.group(GROUP), { description: FOREIGN }),
  ],
  [
    'policy.description',
    'another installation has put its mark on the policy',
    ({ tenant }) => tenant.world.setPolicy(POLICY, { description: FOREIGN } as never),
  ],
  [
    'group.roles',
    'the group can be given roles',
    ({ tenant }) => Object.assign(tenant.world.group(GROUP), { isAssignableToRole: true }),
  ],
  [
    'group.memberOf',
    'the group is a member of another',
    ({ tenant }) => {
      const inner = tenant.world.group(GROUP).id
      tenant.world.group('All staff').members.set(inner, { lines: [{ value: true, readAt: 0, biteAt: 0 }] })
    },
  ],
]

test.each(MEANWHILE)(
  'meanwhile, %s: %s, and nobody joins until that is settled',
  async (finding, _, spoil) => {
    const { rig, id } = await soaking()
    const before = joined(rig)
    spoil(rig)
    await rig.until('hold.placed')
    const view = await rig.show(id)
    expect(view.holds).toMatchObject([{ kind: 'drift' }])
    expect(view.drift).toMatchObject([{ finding }])
    await rig.pass(DAY)
    await expect(rig.act(ANDERS, 'accept', id, { findings: [finding] })).rejects.toMatchObject({
      code: 'driftBarred',
      message: expect.stringMatching(new RegExp(`^${finding} .* cannot be accepted`)),
    })
    expect(joined(rig)).toEqual(before)
    // Taking back is barred by nothing.
    await rig.act(ONA, 'rollback', id)
    expect(['rolledBack', 'rollbackFailed']).toContain((await rig.ended(id)).state)
  },
)
