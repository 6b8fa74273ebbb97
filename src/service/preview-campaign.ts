import type { PreviewedKnown } from '../engine/preview-people.ts'
import type { World } from '../engine/world.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { groupPart } from './preview-part.ts'
import type { PreviewedStep } from './preview-phones.ts'

/** Whom the tenant's one campaign is for; what it changes for others is among the plan's warnings. */
export async function previewCampaign(
  _world: World,
  { prepare }: CompiledPlan,
  people: readonly PreviewedKnown[],
  names: number,
): Promise<PreviewedStep | undefined> {
  const campaign = prepare?.campaign
  if (!campaign) return undefined
  const { method, group, snoozeDays, requireAfterSnoozes } = campaign
  const whom = group === 'all_users' ? 'everybody' : `the members of ${group}`
  const what = method === 'Fido2' ? 'a passkey' : 'Microsoft Authenticator'
  const snooze = snoozeDays === null ? '' : `; who is asked may put it off by ${snoozeDays} days`
  const require =
    requireAfterSnoozes === null
      ? ''
      : requireAfterSnoozes
        ? ', and has to after three times'
        : ', as often as they like'
  const members = people.filter(({ wave }) => wave !== null)
  const groups = [
    groupPart(
      members.filter(({ verdict }) => verdict.is === 'readyUntil'),
      'have a phone alone, and can do as it asks at a sign-in with it',
      names,
    ),
    groupPart(
      members.filter(({ verdict }) => verdict.is === 'needsNumber'),
      'have nothing to complete MFA with, and are asked by it only after that',
      names,
    ),
  ]
  return {
    writes: new Set(),
    view: {
      step: 'campaign',
      says: `From the start to the end of the rollout the tenant’s registration campaign asks ${whom} to register ${what}${snooze}${require}. What that changes for others stands among what to know before.`,
      groups: groups.filter((one) => one.people > 0),
    },
  }
}
