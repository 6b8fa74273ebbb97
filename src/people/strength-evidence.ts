/**
 * Which modes of a strength's combinations a registered method stands for. The report's tokens are an open set: one
 * that is not here is no evidence. A temporary access pass is a bridge, not a method to rely on.
 */
const MODES_OF: Record<string, readonly string[]> = {
  microsoftAuthenticatorPush: ['microsoftAuthenticatorPush'],
  microsoftAuthenticatorPasswordless: ['deviceBasedPush'],
  softwareOneTimePasscode: ['softwareOath'],
  hardwareOneTimePasscode: ['hardwareOath'],
  mobilePhone: ['sms', 'voice'],
  alternateMobilePhone: ['voice'],
  officePhone: ['voice'],
  fido2: ['fido2'],
  fido2SecurityKey: ['fido2'],
  passKeyDeviceBound: ['fido2'],
  passKeyDeviceBoundAuthenticator: ['fido2'],
  passKeyDeviceBoundWindowsHello: ['fido2'],
  passKeySynced: ['fido2'],
  windowsHelloForBusiness: ['windowsHelloForBusiness'],
}

/** Everybody has one; what makes a combination is what comes beside it. */
const GIVEN = 'password'

/** The registered methods by which a person meets one of the combinations; empty: none that we know of. */
export function methodsThatMeet(registered: readonly string[], combinations: readonly string[]): string[] {
  const ways = combinations.map((one) => one.split(',').map((mode) => mode.trim()))
  return registered.filter((method) =>
    ways.some((way) => {
      const asked = way.filter((mode) => mode !== GIVEN)
      // A password alone is no second factor, whatever a strength says.
      return asked.length > 0 && asked.every((mode) => MODES_OF[method]?.includes(mode))
    }),
  )
}
