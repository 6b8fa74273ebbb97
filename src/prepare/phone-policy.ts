import type { MethodConfiguration, MethodsPolicy } from '../graph/directory/methods-policy.ts'

/** Whom one method lets be asked by it: exclusion goes before inclusion. */
export interface MethodScope {
  isEverybody: boolean
  /** Ids of groups. */
  groups: readonly string[]
  exceptGroups: readonly string[]
}

/** Whom the tenant's policy of methods lets be asked by a phone of some type: any of the methods does. */
export interface PhoneAllowance {
  methods: readonly MethodScope[]
  /** An older policy of the tenant may allow more, and cannot be read. */
  isOlderPolicyInForce: boolean
  /** A mobile number is registered for signing in with it as well, which has to be unique. */
  isUsableForSignIn: boolean
}

const EVERYBODY = 'all_users'

/** A mobile gets text messages or calls, an office phone calls where offices are allowed. */
export function phoneAllowance(policy: MethodsPolicy, type: 'mobile' | 'office'): PhoneAllowance {
  const enabled = (id: string) =>
    policy.methods.find((one) => one.id.toLowerCase() === id && one.state === 'enabled')
  const sms = enabled('sms')
  const voice = enabled('voice')
  const counting =
    type === 'mobile' ? [sms, voice] : [voice?.isOfficePhoneAllowed === true ? voice : undefined]
  const targets = sms?.includeTargets ?? []
  return {
    methods: counting.flatMap((one) => (one === undefined ? [] : [scopeOf(one)])),
    isOlderPolicyInForce: policy.migration !== 'migrationComplete',
    isUsableForSignIn: type === 'mobile' && targets.some((one) => one.isUsableForSignIn === true),
  }
}

/** Targets that Graph does not name are nobody. */
function scopeOf({ includeTargets, excludeTargets }: MethodConfiguration): MethodScope {
  const included = (includeTargets ?? []).map(({ id }) => id)
  return {
    isEverybody: included.includes(EVERYBODY),
    groups: included.filter((id) => id !== EVERYBODY),
    exceptGroups: (excludeTargets ?? []).map(({ id }) => id),
  }
}

/** Nobody at all may be asked by this phone, and no older policy may say otherwise. */
export function isForNobody({ methods, isOlderPolicyInForce }: PhoneAllowance): boolean {
  return (
    !isOlderPolicyInForce && methods.every(({ isEverybody, groups }) => !isEverybody && groups.length === 0)
  )
}

/** Every group whose members have to be known. */
export function groupsOf({ methods }: PhoneAllowance): string[] {
  return [...new Set(methods.flatMap(({ groups, exceptGroups }) => [...groups, ...exceptGroups]))]
}

/** `unclear`: an older policy may allow what this one does not. */
export function allows(
  { methods, isOlderPolicyInForce }: PhoneAllowance,
  isIn: (group: string) => boolean,
): 'yes' | 'no' | 'unclear' {
  const isAllowed = methods.some(
    ({ isEverybody, groups, exceptGroups }) => (isEverybody || groups.some(isIn)) && !exceptGroups.some(isIn),
  )
  if (isAllowed) return 'yes'
  return isOlderPolicyInForce ? 'unclear' : 'no'
}
