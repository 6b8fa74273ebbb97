import { z } from 'zod'

/** A plan in a request: YAML text, or the same as a JSON object. */
export const PlanBody = z
  .union([z.string(), z.record(z.string(), z.unknown())], {
    error: 'the plan is YAML text or a JSON object',
  })
  .describe('the plan: YAML text, or the same as a JSON object')

/** Digests of the files that a plan names, by the name the plan gives them. */
export const FilesBody = z
  .record(
    z.string().min(1).max(256),
    z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: 'a digest is sha256: and 64 hex digits' }),
  )
  .default({})
  .describe('digests of the files that the plan names, by name, as POST /files answered them')

/** JSON is YAML: one text, whichever way the plan came. */
export function planText(plan: z.infer<typeof PlanBody>): string {
  return typeof plan === 'string' ? plan : JSON.stringify(plan, null, 2)
}
