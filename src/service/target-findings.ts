import { readCovers } from '../engine/covered-elsewhere.ts'
import { doorsOf } from '../engine/doors.ts'
import type { World } from '../engine/world.ts'
import type { Ask } from '../graph/directory/ask.ts'
import { inspectGroup } from '../methods/policy-switch.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, warningAt } from '../plan/problem.ts'

/** What stands against the way a plan means to turn MFA on, as the tenant is now. */
export async function targetFindings(world: World, plan: CompiledPlan, ask: Ask): Promise<Finding[]> {
  if (plan.enforce.by === 'per-user-mfa') return await coverFindings(world, ask)
  const found: Finding[] = []
  for (const door of doorsOf(plan)) {
    const { findings } = await inspectGroup(world.directory, door.group, world.installation, ask)
    const path = ['enforce', door.for === 'people' ? 'group' : 'administrators']
    for (const { code, message, hint } of findings) {
      if (code === 'groupMissing') found.push(errorAt(path, 'unknownGroup', message, hint))
      if (code === 'groupAmbiguous') found.push(errorAt(path, 'ambiguousGroup', message, hint))
    }
  }
  return found
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
