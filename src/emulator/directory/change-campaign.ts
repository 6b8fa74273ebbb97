import type { Hand } from '../journal.ts'
import type { Campaign } from './campaign.ts'
import type { ChangeContext } from './change-context.ts'

export function setCampaign(context: ChangeContext, set: Partial<Campaign>, hand: Hand, now: number): void {
  const before = context.directory.campaign
  context.next()
  const after = { ...before, ...set }
  context.directory.campaign = after
  const target = 'policies/authenticationMethodsPolicy/registrationCampaign'
  context.journal.add(now, hand, target, before, after)
}
