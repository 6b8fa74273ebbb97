import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { textChanges } from '../../src/plan/diff.ts'
import { readPlanText } from '../../src/plan/load.ts'
import { type PlanText, refusalOf, type WaveStands } from '../../src/plan/revision.ts'
import type { PlanInput } from '../../src/plan/schema.ts'
import { SMALL_PLAN } from './plan-text.ts'

const ONE = `sha256:${'1'.repeat(64)}`
const TWO = `sha256:${'2'.repeat(64)}`

function plan(change: (plan: PlanInput) => void = () => {}, files = {}): PlanText {
  const input = parse(SMALL_PLAN) as PlanInput
  change(input)
  const read = readPlanText(stringify(input))
  if (read === undefined) throw new Error('no plan')
  return { plan: read, files }
}

const LATE: WaveStands[] = ['settled', 'fixed', 'future', 'future']

describe('what a revision may not change', () => {
  const cases: [string, (plan: PlanInput) => void, string | undefined][] = [
    ['nothing', () => {}, undefined],
    ['the name', (p) => (p.name = 'other'), 'planFixedChanged name'],
    ['the policy', (p) => (p.enforce.policy = 'other'), 'planFixedChanged enforce'],
    [
      'the campaign',
      (p) => (p.prepare = { campaign: { method: 'passkey', group: 'Pilot' } }),
      'planFixedChanged prepare.campaign',
    ],
    ['the window', (p) => (p.rollback = { window: '1d' }), 'planFixedChanged rollback'],
    [
      'an emergency account less',
      (p) => p.protect.emergencyAccounts.pop(),
      'protectionShrinks protect.emergencyAccounts: bg2@contoso.com',
    ],
    ['a protected group more', (p) => (p.protect.groups = ['Robots']), undefined],
    ['an account in other letters', (p) => (p.protect.emergencyAccounts[0] = 'BG1@contoso.com'), undefined],
    [
      'a gate of what is over',
      (p) => (p.waves[0]!.gates = { soak: { for: '2d' } }),
      'planPastChanged waves[0]',
    ],
    ['the order of what is over', (p) => p.waves.unshift(p.waves.pop()!), 'planPastChanged waves[0]'],
    ['the members under way', (p) => (p.waves[1]!.members = { group: 'HR' }), 'planCurrentChanged waves[1]'],
    ['the wave under way gone', (p) => p.waves.splice(1, 1), 'planCurrentChanged waves[1]'],
    [
      'gates and pace under way',
      (p) => Object.assign(p.waves[1]!, { gates: { soak: { for: '2d' } }, pace: { people: 3 } }),
      undefined,
    ],
    ['the default gates', (p) => (p.gates = { soak: { for: '2d' } }), undefined],
    ['waves to come', (p) => p.waves.splice(2, 2, { name: 'all', members: 'rest' }), undefined],
  ]
  test.each(cases)('%s', (_what, change, expected) => {
    const refusal = refusalOf(plan(), plan(change), LATE, false)
    expect(refusal && `${refusal.code} ${refusal.places.join()}`).toBe(expected)
  })

  test('a draft keeps its name and nothing else', () => {
    const all = plan((p) => {
      p.enforce.policy = 'other'
      p.protect.emergencyAccounts = ['a@c.com', 'b@c.com']
      p.waves = [{ name: 'only', members: { users: ['c@c.com'] } }]
    })
    expect(refusalOf(plan(), all, ['future', 'future', 'future', 'future'], true)).toBeUndefined()
    expect(
      refusalOf(
        plan(),
        plan((p) => (p.name = 'x')),
        [],
        true,
      )?.code,
    ).toBe('planFixedChanged')
  })

  test('the bytes of a file are what a wave is', () => {
    const csv = (digest: string) => plan((p) => (p.waves[1]!.members = { csv: 'a.csv' }), { 'a.csv': digest })
    expect(refusalOf(csv(ONE), csv(TWO), LATE, false)?.code).toBe('planCurrentChanged')
    const open: WaveStands[] = ['settled', 'open', 'future', 'future']
    expect(refusalOf(csv(ONE), csv(TWO), open, false)).toBeUndefined()
  })
})

describe('what differs between two plans', () => {
  test('is told key by key, waves by name', () => {
    const after = plan((p) => {
      p.timezone = 'UTC'
      p.waves.splice(1, 1)
      p.waves[1]!.members = { share: '20%' }
    })
    expect(textChanges(plan(), after)).toEqual([
      { path: 'timezone', from: 'Europe/Copenhagen', to: 'UTC' },
      { path: 'waves.pilot', from: { members: { group: 'IT' } } },
      { path: 'waves.tenth.members.share', from: '10%', to: '20%' },
    ])
  })

  test('a wave at another place and a file of other bytes are told', () => {
    const csv = (digest: string, swap = false) =>
      plan(
        (p) => {
          p.waves[1]!.members = { csv: 'a.csv' }
          if (swap) p.waves.splice(1, 2, p.waves[2]!, p.waves[1]!)
        },
        { 'a.csv': digest },
      )
    expect(textChanges(csv(ONE), csv(TWO, true)).map(({ path }) => path)).toEqual([
      'waves.pilot.file',
      'waves (order)',
    ])
  })
})
