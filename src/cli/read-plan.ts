import { readFileSync, statSync } from 'node:fs'
import { fault } from '../errors.ts'

/** Larger than any plan; what comes near it is a mistake and not worth reading. */
const LONGEST_PLAN = 1_000_000

/** The text of a plan. @throws fileUnreadable, planTooLarge */
export function readPlan(file: string): string {
  try {
    if (file !== '-' && statSync(file).size > LONGEST_PLAN)
      throw fault('planTooLarge', { limit: LONGEST_PLAN })
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    throw fault('fileUnreadable', { file, detail: error.message }, error)
  }
}
