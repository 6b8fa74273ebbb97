/** What a tenant is like; README.md in this folder tells each of them. */
export const SCENARIOS = [
  'clean',
  'bad-numbers',
  'no-p1',
  'security-defaults',
  'password-spray',
  'outage',
  'legacy-clients',
  'half-done',
  'other-policy',
  'untested-emergency',
] as const

export type Scenario = (typeof SCENARIOS)[number]
