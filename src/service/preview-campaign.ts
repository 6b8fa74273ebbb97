import { campaignFindings } from '../engine/campaign-findings.ts'
import type { PreviewedKnown } from '../engine/preview-people.ts'
import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { PreviewedStep } from './preview-phones.ts'

/** The one campaign of the tenant: what becomes of it, for others too. */
export async function previewCampaign(
  world: World,
  plan: CompiledPlan,
  _people: readonly PreviewedKnown[],
  _names: number,
  ask: Ask,
): Promise<PreviewedStep | undefined> {
  if (!plan.prepare?.campaign) return undefined
  const { findings, notes } = await campaignFindings(world, plan, ask)
  const says = [...findings, ...notes].map(({ message }) => message).join(' ')
  return { writes: new Set(), view: { step: 'campaign', says, groups: [] } }
}
