import type { CompiledPrepare } from './compiled-prepare.ts'
import type { Plan } from './schema.ts'

/** Each part compiles its own, in its own file, and has its line here. */
export function compilePrepare({ prepare }: Plan): CompiledPrepare {
  if (prepare === undefined) return null
  return {}
}
