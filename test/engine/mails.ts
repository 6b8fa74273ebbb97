import type { PlanInput } from '../../src/plan/schema.ts'
import { gates, planText, TEST_USER } from './plan-of-waves.ts'
import { ANDERS, METTE, type Rig } from './rig.ts'

export const SENDER = 'it@contoso.com'

/** A mail that left the sender's mailbox, as the tenant's journal tells it. */
export interface Sent {
  at: number
  to: string
  subject: string
  content: string
}

export function mails({ tenant }: Rig): Sent[] {
  return tenant.world.journal.entries
    .filter((entry) => entry.target.endsWith('/sendMail'))
    .map((entry) => {
      const { subject, content, to } = entry.after as { subject: string; content: string; to: string[] }
      return { at: Date.parse(entry.at), to: to.join(), subject, content }
    })
}

export function mailsTo(rig: Rig, person: string): Sent[] {
  const { mail } = rig.tenant.world.person(person)
  return mails(rig).filter(({ to }) => to === mail)
}

type Notices = NonNullable<NonNullable<PlanInput['prepare']>['notices']>

/** A plan that writes to its test user and to a pilot wave. */
export function planWithNotices(pilot: readonly string[], change: Partial<Notices> = {}): string {
  const notices: Notices = { sender: SENDER, before: ['3d', '1d'], contact: 'Help desk, 4545', ...change }
  const waves = [
    { name: 'test-user', members: { users: [TEST_USER] } },
    ...(pilot.length > 0 ? [{ name: 'pilot', members: { users: [...pilot] } }] : []),
  ]
  return planText({ waves, prepare: { notices }, gates: gates({ soak: { for: '24h' } }) })
}

/** The mailbox that sends, which the plan names. */
export function addSender({ tenant }: Rig): void {
  tenant.world.hire({ userPrincipalName: SENDER, displayName: 'IT Service' })
}

export async function startApproved(
  rig: Rig,
  plan: string,
  files: Record<string, string> = {},
): Promise<string> {
  const { rollout } = await rig.answer(() =>
    rig.wavegate.service.createRollout(METTE, plan, undefined, files),
  )
  await rig.act(ANDERS, 'approve', rollout.id)
  await rig.act(METTE, 'start', rollout.id)
  await rig.show(rollout.id)
  return rollout.id
}
