import type { NewHardwareToken } from '../graph/directory/hardware-tokens.ts'
import { GraphFailure } from '../graph/errors.ts'
import type { TokenSecrets } from '../methods/hardware-token.ts'
import { tokenCode, untilNextCode } from '../prepare/token-code.ts'
import type { StoredToken } from '../store/hardware-tokens.ts'
import type { World } from './world.ts'

/** A little after the change of the code, as clocks go. */
const AFTER = 500

/** The secrets of a list of tokens, opened for the moment of use alone. */
export function tokenSecrets(
  world: Pick<World, 'store' | 'clock' | 'graphClock' | 'secretBox'>,
  file: string,
): TokenSecrets {
  const { store, clock, graphClock, secretBox } = world
  // A code is right by Microsoft's clock; ours may be off, and every answer of Graph's says by how much.
  const microsoftNow = () => clock.now() + (graphClock()?.skew ?? 0)
  return {
    file,
    async open(serials) {
      const found = await store.read.tokensOf(file, serials)
      return new Map(
        found.flatMap((token): [string, NewHardwareToken][] => {
          const { serial, manufacturer, model, seconds, hash, sealed } = token
          const secret = sealed === null ? undefined : secretBox?.open(sealed, sealOf(token))
          return secret === undefined
            ? []
            : [[serial, { serial, manufacturer, model, seconds, hash, secret }]]
        }),
      )
    },
    code: (token) => tokenCode(token, microsoftNow()),
    nextCode: (token, signal) => clock.sleep(untilNextCode(token, microsoftNow()) + AFTER, signal),
    fail: (kind, message) => new GraphFailure({ kind, message }),
  }
}

/** Where a secret belongs: taken from one row and put into another, it does not open. */
export function sealOf({ file, line, serial }: Pick<StoredToken, 'file' | 'line' | 'serial'>): string {
  return `token ${file} ${line} ${serial}`
}
