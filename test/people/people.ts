import type { Person } from '../../src/people/person.ts'
import { compilePlan } from '../../src/plan/compile.ts'
import type { CompiledPlan } from '../../src/plan/compiled-plan.ts'
import { loadPlan } from '../../src/plan/load.ts'

export function person(id: string, over: Partial<Person> = {}): Person {
  return {
    id,
    upn: `${id}@contoso.com`,
    displayName: id,
    accountEnabled: true,
    userType: 'Member',
    isAdmin: false,
    isMfaCapable: true,
    ...over,
  }
}

export const EMERGENCY = [person('bg1', { isAdmin: true }), person('bg2', { isAdmin: true })]

/** A plan whose first wave is `t1`, followed by the waves given as flow YAML; more keys of `enforce` likewise. */
export function planOf(waves: string[], name = 'plan', enforce = ''): CompiledPlan {
  const loaded = loadPlan(`
version: 1
name: ${name}
timezone: UTC
enforce: { by: conditional-access, group: MFA, policy: Require MFA${enforce && `, ${enforce}`} }
protect: { emergencyAccounts: [bg1@contoso.com, bg2@contoso.com], groups: [Robots] }
waves:
  - { name: test-user, members: { users: [t1@contoso.com] } }
${waves.map((wave) => `  - ${wave}`).join('\n')}
`)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, null, 1))
  return compilePlan(loaded.plan)
}
