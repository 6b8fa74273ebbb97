import { readFileSync } from 'node:fs'

const EXAMPLE = new URL('../../rollout.example.yaml', import.meta.url)

export function exampleText(): string {
  return readFileSync(EXAMPLE, 'utf8')
}

/** A small plan that is right, one key a line, to be broken in one place. */
export const SMALL_PLAN = `version: 1
name: small
timezone: Europe/Copenhagen
enforce:
  by: conditional-access
  group: MFA required
  policy: Require MFA
protect:
  emergencyAccounts: [bg1@contoso.com, bg2@contoso.com]
waves:
  - name: test-user
    members: { users: [test@contoso.com] }
  - name: pilot
    members: { group: IT }
  - name: tenth
    members: { share: 10% }
  - name: everyone
    members: rest
`
