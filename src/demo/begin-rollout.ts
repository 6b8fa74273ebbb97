import { Fault } from '../service.ts'
import type { Caller } from './caller.ts'

const UNPROVEN = 'emergencyAccountUnproven'

/**
 * The change manager starts it. Where the tenant cannot show that the emergency accounts work, the approver, who tried
 * them by hand, says so by name, and it is started once more.
 */
export async function beginRollout(
  { changeManager, approver }: { changeManager: Caller; approver: Caller },
  id: string,
): Promise<void> {
  const start = () => changeManager.act('start', id, undefined, 'change CHG0012345 is open')
  try {
    await start()
  } catch (error) {
    if (!isAboutEmergency(error)) throw error
    const reason = 'both were tried with their keys on Friday; the protocol is in the safe'
    await approver.act('accept', id, undefined, reason, [UNPROVEN])
    await start()
  }
}

/** Nothing else stands against the start: what an approver cannot take is not glossed over. */
function isAboutEmergency(error: unknown): boolean {
  if (!(error instanceof Fault) || error.code !== 'preflightFailed') return false
  const { findings } = error.details
  return (
    Array.isArray(findings) &&
    findings.length > 0 &&
    findings.every((one: { code?: unknown }) => one.code === UNPROVEN)
  )
}
