/** Three small waves whose soaks take seconds; the declared times, scaled, take about nine. */
export const PLAN = `version: 1
name: two-processes
timezone: Europe/Copenhagen
enforce:
  by: conditional-access
  group: MFA required
  policy: Require MFA (wavegate)
protect:
  emergencyAccounts: [bg1@contoso.onmicrosoft.com, bg2@contoso.onmicrosoft.com]
  groups: [Service accounts]
pace: { people: 200, per: 1s }
gates:
  readiness: { unready: defer, deferAtMost: 60% }
  approval: { from: approver }
  soak: { for: 5s }
  budget:
    lockedOut: { max: 20%, onSpent: hold }
    failedChanges: { max: 20%, onSpent: hold }
rollback: { window: 30d }
waves:
  - name: test-user
    members: { users: [test.user@contoso.com] }
    gates: { soak: { for: 2s } }
  - { name: pilot, members: { group: IT department } }
  - { name: everyone, members: rest, pace: { people: 20, per: 1s } }
`
