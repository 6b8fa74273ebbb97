import type { Image } from './change.ts'

/**
 * Names the end of somebody’s sessions in the ledger. There is no way back: nobody is signed in again by us, so the image
 * is closed as soon as the end is read back.
 */
export const SESSIONS = { effect: 'sessions', target: 'tenant' } as const

/** Since when sessions count, as Graph writes it; empty where it does not say. */
export function sessionsImage(validFrom: string | null): Image {
  return { validFrom: validFrom ?? '' }
}

/** Sessions count from another moment than before: they were ended. */
export function areEnded(validFrom: string | null, before: Image): boolean {
  return validFrom !== null && validFrom !== before.validFrom
}
