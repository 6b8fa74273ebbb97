import type { World } from '../engine/world.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { errorAt, type Finding } from '../plan/problem.ts'
import { templateFindings } from '../prepare/template-findings.ts'

/** What is wrong with the templates of a plan, as they were uploaded. */
export async function templateProblems(world: World, { prepare }: CompiledPlan): Promise<Finding[]> {
  const found: Finding[] = []
  for (const [index, { file, digest }] of (prepare?.notices?.templates ?? []).entries()) {
    const bytes = await world.store.read.fileBytes(digest)
    if (bytes === undefined) {
      const message = `No file was uploaded with the digest of ${file}.`
      const hint = 'Upload it with POST /files first; the command line does so by itself.'
      found.push(errorAt(['prepare', 'notices', 'templates', index], 'fileMissing', message, hint))
    } else found.push(...templateFindings(index, file, bytes))
  }
  return found
}
