import { describe, expect, test } from 'vitest'
import type { Strength } from '../../src/graph/directory/strengths.ts'
import { chooseStrength, strengthName } from '../../src/methods/strengths.ts'
import { cohortReadiness } from '../../src/people/readiness.ts'
import { methodsThatMeet } from '../../src/people/strength-evidence.ts'

const RESISTANT = ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor']

function strength(change: Partial<Strength> = {}): Strength {
  return {
    id: 'a',
    displayName: 'Phishing-resistente MFA',
    policyType: 'builtIn',
    requirementsSatisfied: 'mfa',
    allowedCombinations: RESISTANT,
    ...change,
  }
}

const passwordless = strength({ id: 'b', allowedCombinations: [...RESISTANT, 'deviceBasedPush'] })
const any = strength({ id: 'c', allowedCombinations: [...RESISTANT, 'deviceBasedPush', 'password,sms'] })

describe('which of Microsoft’s strengths is meant', () => {
  test('is told by what each lets through, whatever its name and id', () => {
    expect([strength(), passwordless, any].map(strengthName)).toEqual([
      'phishing-resistant',
      'passwordless',
      'mfa',
    ])
  })

  test('is never one that the tenant made, nor one that asks for less than MFA', () => {
    expect(strengthName(strength({ policyType: 'custom' }))).toBeUndefined()
    expect(strengthName(strength({ requirementsSatisfied: 'none' }))).toBeUndefined()
    expect(strengthName(strength({ allowedCombinations: [] }))).toBeUndefined()
  })

  test('is refused where none fits, and where two do', () => {
    expect(chooseStrength([any], 'phishing-resistant').findings).toMatchObject([{ code: 'strengthMissing' }])
    const two = [strength(), strength({ id: 'd' })]
    expect(chooseStrength(two, 'phishing-resistant').findings).toMatchObject([{ code: 'strengthAmbiguous' }])
    expect(chooseStrength([any, passwordless], 'passwordless').strength?.id).toBe('b')
  })
})

describe('who meets a strength', () => {
  test('is told by the methods: a phone meets “password,sms” and nothing without a password', () => {
    expect(methodsThatMeet(['mobilePhone', 'email'], any.allowedCombinations)).toEqual(['mobilePhone'])
    expect(methodsThatMeet(['mobilePhone'], passwordless.allowedCombinations)).toEqual([])
    expect(methodsThatMeet(['passKeyDeviceBound'], RESISTANT)).toEqual(['passKeyDeviceBound'])
  })

  test('is never told by a token that is not known, a pass that ends, or a password alone', () => {
    expect(methodsThatMeet(['aMethodOfNextYear', 'temporaryAccessPass'], any.allowedCombinations)).toEqual([])
    expect(methodsThatMeet(['mobilePhone'], ['password'])).toEqual([])
  })

  test('is not whoever can use some second factor', () => {
    const asked = { name: 'phishing-resistant', combinations: RESISTANT }
    const rows = [
      { id: 'phone', isMfaCapable: true, methodsRegistered: ['mobilePhone'] },
      { id: 'key', isMfaCapable: true, methodsRegistered: ['mobilePhone', 'fido2'] },
      { id: 'barred', isMfaCapable: false, methodsRegistered: ['fido2'] },
      { id: 'silent', isMfaCapable: true, methodsRegistered: null },
    ]
    expect(cohortReadiness(['phone', 'key', 'barred', 'silent', 'absent'], rows, asked)).toEqual([
      {
        id: 'phone',
        readiness: 'notReady',
        evidence: 'registered: mobilePhone; none is phishing-resistant',
      },
      { id: 'key', readiness: 'ready', evidence: 'fido2: phishing-resistant' },
      {
        id: 'barred',
        readiness: 'notReady',
        evidence: 'registered: fido2; the tenant’s policy allows none of them',
      },
      { id: 'silent', readiness: 'unknown', evidence: 'the registration report names no methods' },
      { id: 'absent', readiness: 'unknown', evidence: 'not in the registration report' },
    ])
  })
})
