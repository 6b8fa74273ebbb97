import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { Previewed } from '../people/preview-shares.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { type PreviewedStep, previewPhones } from './preview-phones.ts'

type PreviewsStep = (
  world: World,
  plan: CompiledPlan,
  people: readonly Previewed[],
  names: number,
  ask: Ask,
) => Promise<PreviewedStep | undefined>

/** One line each for what a plan can do before the switch; undefined: nothing of this plan. */
const STEPS: readonly PreviewsStep[] = [previewPhones]

/** What preparing will do, step by step. */
export async function previewPreparing(
  world: World,
  plan: CompiledPlan,
  people: readonly Previewed[],
  names: number,
  ask: Ask,
): Promise<PreviewedStep[]> {
  if (plan.prepare === null) return []
  const steps: PreviewedStep[] = []
  for (const preview of STEPS) {
    const step = await preview(world, plan, people, names, ask)
    if (step) steps.push(step)
  }
  return steps
}
