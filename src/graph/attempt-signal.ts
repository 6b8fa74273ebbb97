// Microsoft gives up on its side after 60 s (authenticationmethods-overview).
const attemptTimeout = 60_000

/**
 * Ends one attempt after a minute, or with `signal`. The one wall timer in here: the clock is held while a call is in
 * flight, so on a simulated clock its own time-out could never come.
 */
export function attemptSignal(signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(attemptTimeout)
  return signal ? AbortSignal.any([signal, timeout]) : timeout
}
