import { finding } from '../methods/policy-switch.ts'
import type { CompiledNotices } from '../plan/compiled-prepare-notices.ts'
import type { NoticeKind } from '../store/notices.ts'
import type { StoredRollout } from '../store/rollouts.ts'
import type { GraduationPlan } from './graduation-plan.ts'
import { refuse } from './job.ts'
import { SENDER_REMEDY } from './notices-before-wave.ts'
import { planOf } from './plan-of.ts'
import { type Mailing, SenderRefused, SOME, sendSome, settleCutOff } from './send-notices.ts'
import { inParts } from './side-by-side.ts'
import type { World } from './world.ts'

/** What whoever is newly caught is written, once, before the policy covers them. */
const CAUGHT: NoticeKind = { notice: 'graduate', moment: 'on', leadMs: 0, isFirst: false, isLast: false }

/** Where a plan has notices, the newly caught get theirs before the policy is widened. @throws Refused @throws GraphFailure */
export async function writeToCaught(
  world: World,
  rollout: StoredRollout,
  { caught, protection }: GraduationPlan,
  refuseHeld: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const plan = planOf(rollout)
  const notices: CompiledNotices | null | undefined = plan.prepare?.notices
  if (!notices || caught.length === 0) return
  // They are in no wave; of another rollout they may be told too.
  const wave = { id: `${rollout.id}/graduate` }
  const mailing: Mailing = {
    ...{ world, rollout, wave, plan, notices, testUsers: false },
    ...{ protectedPeople: protection.people, refuseHeld, signal },
  }
  await settleCutOff(mailing)
  const ids = caught.map(({ id }) => id)
  const place = { rolloutId: rollout.id, waveId: wave.id }
  await world.store.tx((writer) => writer.planNotices(place, ids, [CAUGHT]))
  const due = (await world.store.read.plannedNotices(wave.id)).filter(({ personId }) =>
    ids.includes(personId),
  )
  try {
    for (const some of inParts(due, SOME))
      await sendSome(
        mailing,
        some.map((one) => ({ ...one, notBefore: null, inPlaceAt: null })),
      )
  } catch (error) {
    if (!(error instanceof SenderRefused)) throw error
    refuse([finding('senderRefused', error.message, SENDER_REMEDY)])
  }
}
