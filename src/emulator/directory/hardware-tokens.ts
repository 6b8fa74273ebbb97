import type { Lagged } from '../lagged.ts'

export type TokenStatus = 'available' | 'assigned' | 'activated' | 'failedActivation'

/** What can change of a hardware token. */
export interface TokenState {
  status: TokenStatus
  /** Id of the person whose it is. */
  assignedTo: string | null
}

/** A hardware token as it came into the inventory. */
export interface NewToken {
  serialNumber: string
  manufacturer: string
  model: string
  /** Base32; shown to nobody. */
  secretKey: string
  timeIntervalInSeconds: 30 | 60
  hashFunction: 'hmacsha1' | 'hmacsha256'
  displayName: string | null
}

export interface HardwareToken extends NewToken {
  id: string
  /** null: not, or no more, in the inventory. */
  state: Lagged<TokenState | null>
}

/** What the tenant's policy of authentication methods says of hardware tokens. */
export interface TokenPolicy {
  isEnabled: boolean
  /** Id of a group, or all_users. */
  includes: string
}

/** As in a new tenant. */
export const FIRST_TOKEN_POLICY: TokenPolicy = { isEnabled: false, includes: 'all_users' }
