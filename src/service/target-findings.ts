import { readCovers } from '../engine/covered-elsewhere.ts'
import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import { inspectGroup } from '../methods/policy-switch.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, warningAt } from '../plan/problem.ts'

/** What stands against the way a plan means to turn MFA on, as the tenant is now. */
export async function targetFindings(world: World, plan: CompiledPlan, ask: Ask): Promise<Finding[]> {
  if (plan.enforce.by === 'per-user-mfa') return await coverFindings(world, ask)
  const group = await inspectGroup(world.directory, plan.enforce.group, world.installation, ask)
  return group.findings
    .filter((one) => one.code === 'groupMissing' || one.code === 'groupAmbiguous')
    .map((one) =>
      errorAt(
        ['enforce', 'group'],
        one.code === 'groupMissing' ? 'unknownGroup' : 'ambiguousGroup',
        one.message,
        one.hint,
      ),
    )
}

/** Per-user MFA where a policy demands MFA already: of everybody it is refused, of some they are left out by name. */
async function coverFindings(world: World, ask: Ask): Promise<Finding[]> {
  return (await readCovers(world, ask)).map((cover) => {
    const message = `The policy ${cover.policy} demands MFA of ${cover.isEveryone ? 'everybody' : `${cover.people.size} people`} already.`
    const path = ['enforce', 'by']
    return cover.isEveryone
      ? errorAt(path, 'coveredByConditionalAccess', message, 'Write by: conditional-access.')
      : warningAt(
          path,
          'coveredByConditionalAccess',
          message,
          'They are left out, by name, when their wave comes.',
        )
  })
}
