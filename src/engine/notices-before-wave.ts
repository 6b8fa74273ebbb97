import { finding } from '../methods/policy-switch.ts'
import { refuseWhenHeld } from './held.ts'
import { refuse, type WaveJob } from './job.ts'
import { allMembers } from './many-members.ts'
import type { BeforeWave } from './preparations.ts'
import { readProtection } from './protection.ts'
import { type Mailing, SenderRefused, sendDueNotices } from './send-notices.ts'
import type { World } from './world.ts'

/** The first notice to everybody of a wave; each has a moment of their own by it, before which nobody switches them. */
export async function noticesBeforeWave(
  world: World,
  job: WaveJob,
  signal: AbortSignal,
): Promise<BeforeWave | undefined> {
  const { rollout, wave, plan, planned } = job
  const notices = plan.prepare?.notices
  if (!notices) return undefined
  const { people: protectedPeople, findings } = await readProtection(world, plan, { lane: 'change', signal })
  refuse(findings)
  const { testUsers } = planned
  const refuseHeld = () => refuseWhenHeld(world, job, signal)
  const mailing: Mailing = {
    world,
    rollout,
    wave,
    plan,
    notices,
    testUsers,
    protectedPeople,
    refuseHeld,
    signal,
  }
  await sendFirst(mailing)
  const left = await world.store.read.waitingForFirst(wave.id)
  const going = (await allMembers(world, wave.id)).filter(
    (one) => one.deferred === null && one.outcome === 'pending',
  )
  const people = going.flatMap(({ personId, notBefore }) =>
    notBefore === null ? [] : [[personId, notBefore] as const],
  )
  return { left, people: new Map(people) }
}

/** @throws Refused when the sender may not send: the wave holds, and says what to do */
async function sendFirst(mailing: Mailing): Promise<void> {
  try {
    await sendDueNotices(mailing, { first: true, middle: false, last: false, since: false })
  } catch (error) {
    if (!(error instanceof SenderRefused)) throw error
    refuse([finding('senderRefused', error.message, SENDER_REMEDY)])
  }
}

/** What to do about a mailbox that may not send. */
export const SENDER_REMEDY =
  'Correct prepare.notices.sender, grant Mail.Send and let the application access policy of Exchange allow the mailbox (it takes up to an hour or more); then resume the wave.'
