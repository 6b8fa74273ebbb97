import type { PreviewedKnown } from '../engine/preview-people.ts'
import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import type { CompiledPrepare } from '../plan/compiled-prepare.ts'
import { previewCampaign } from './preview-campaign.ts'
import { previewNotices } from './preview-notices.ts'
import { type PreviewedStep, previewPhones } from './preview-phones.ts'
import { previewTokens } from './preview-tokens.ts'

type PreviewsStep = (
  world: World,
  plan: CompiledPlan,
  people: readonly PreviewedKnown[],
  names: number,
  ask: Ask,
) => Promise<PreviewedStep | undefined>

/** One line each for what a plan can do before the switch; undefined: nothing of this plan. */
const STEPS: Record<keyof NonNullable<CompiledPrepare>, PreviewsStep> = {
  phones: previewPhones,
  tokens: previewTokens,
  notices: previewNotices,
  campaign: previewCampaign,
}

/** What preparing will do, step by step. */
export async function previewPreparing(
  world: World,
  plan: CompiledPlan,
  people: readonly PreviewedKnown[],
  names: number,
  ask: Ask,
): Promise<PreviewedStep[]> {
  if (plan.prepare === null) return []
  const steps: PreviewedStep[] = []
  for (const preview of Object.values(STEPS)) {
    const step = await preview(world, plan, people, names, ask)
    if (step) steps.push(step)
  }
  return steps
}
