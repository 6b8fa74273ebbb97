import { campaignFindings } from '../engine/campaign-findings.ts'
import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, warningAt } from '../plan/problem.ts'

const AT = ['prepare', 'campaign']

/** What the campaign of a plan changes for others, and what will refuse its start as the tenant is now. */
export async function campaignPlanFindings(world: World, plan: CompiledPlan, ask: Ask): Promise<Finding[]> {
  const { findings, notes } = await campaignFindings(world, plan, ask)
  const refused = findings.map(({ code, message, hint }) =>
    code === 'campaignGroup'
      ? errorAt([...AT, 'group'], 'unknownGroup', message, hint)
      : warningAt(AT, 'campaignRefused', message, `The start is refused until then. ${hint}`),
  )
  const changes = notes.map(({ message, hint }) => warningAt(AT, 'campaignChanges', message, hint))
  return [...refused, ...changes]
}
