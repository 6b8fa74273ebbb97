/** How often a call is sent that is throttled each time. */
export const throttledTries = 8

/** The lane that takes MFA off goes on asking for a minute: one call a second, shared with every other application. */
export const disarmTries = 60

/** How often a read is sent that fails, or anything that never left. */
export const failedTries = 4

const firstPause = 1_000

/** The pause after the `failed`th failure that named no time, milliseconds. */
export function pauseBefore(failed: number): number {
  return firstPause * 2 ** (failed - 1)
}
