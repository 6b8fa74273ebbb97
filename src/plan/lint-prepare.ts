import { type Finding, warningAt } from './problem.ts'
import type { Plan } from './schema.ts'

/** Nobody is prepared by nothing, and yet the start waits for an approval and each wave begins ahead. */
export function lintPrepare({ prepare }: Plan): Finding[] {
  if (prepare === undefined || Object.values(prepare).some((part) => part !== undefined)) return []
  const message = 'prepare has nothing in it: nobody is prepared, and the start still waits for an approval.'
  const hint = 'Write what is to be done (phones, tokens, notices, campaign), or leave prepare out.'
  return [warningAt(['prepare'], 'preparesNothing', message, hint)]
}
