import { expect, test } from 'vitest'
import { previewPage } from '../../api/preview-page.ts'
import { previewLines } from '../../src/cli/say-preview.ts'
import { planText, TEST_USER, TEST_WAVE } from '../engine/plan-of-waves.ts'
import { METTE, openRig, type Rig } from '../engine/rig.ts'

const ENFORCE = { by: 'conditional-access', group: 'MFA required', policy: 'Require MFA (wavegate)' } as const

async function received({ wavegate }: Rig, text: string): Promise<string> {
  async function* bytes() {
    yield Buffer.from(text)
  }
  return (await wavegate.service.uploadHardwareTokens(METTE, { name: 'tokens.csv', bytes: bytes() })).list
    .digest
}

test('a preview says that sessions end, in the text and on the page; without revokeSessions it says nothing of them', async () => {
  const rig = await openRig({ people: 30 })
  const preview = (revokeSessions: boolean) => {
    const text = planText({ waves: [TEST_WAVE], enforce: { ...ENFORCE, revokeSessions } })
    return rig.answer(() => rig.wavegate.service.previewPlan({ text }, 1))
  }
  const ending = await preview(true)
  const word = 'sessions are ended once'
  expect(ending.sessions.join()).toContain(word)
  expect(previewLines(ending).join('\n')).toContain(word)
  expect(previewPage(ending)).toContain(word)
  const other = await preview(false)
  expect(other.sessions).toEqual([])
  expect(previewPage(other)).not.toContain('At the switch')
})

test('a preview names whom the vendor’s list gives a token, beside what they have or not, and whose row needs a look', async () => {
  const rig = await openRig({ people: 30 })
  const { world } = rig.tenant
  world.setTokenPolicy({ isEnabled: true })
  const [bare, strong, unclear] = world.people
    .filter(
      ({ kind, roles, id }) => kind === 'member' && roles.length === 0 && id !== world.person(TEST_USER).id,
    )
    .map(({ id }) => id) as [string, string, string]
  world.setMethods(bare, [])
  world.setMethods(strong, ['microsoftAuthenticatorPush', 'passKeyDeviceBound'])
  await rig.pass(12 * 3_600_000)
  const secret = (last: string) => `GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ${last}`
  const row = (id: string, serial: string, key: string) =>
    `${world.person(id).userPrincipalName},${serial},${key},30,Contoso,One`
  const digest = await received(
    rig,
    [
      'upn,serial number,secret key,time interval,manufacturer,model',
      row(bare, 'T1', secret('A')),
      row(strong, 'T2', secret('B')),
      row(unclear, 'T3', '0189'),
    ].join('\n'),
  )
  const text = planText({
    waves: [
      TEST_WAVE,
      {
        name: 'pilot',
        members: { users: [bare, strong, unclear].map((id) => world.person(id).userPrincipalName) },
      },
    ],
    prepare: { tokens: { from: 'tokens.csv' } },
  })
  const given = { text, files: { 'tokens.csv': digest } }
  await rig.answer(() => rig.wavegate.service.previewPlan(given, 5))
  await rig.until('people.gathered')
  const { preparing } = await rig.answer(() => rig.wavegate.service.previewPlan(given, 5))
  const [tokens] = preparing
  expect(tokens?.step).toBe('tokens')
  expect(tokens?.says).toContain('whom tokens.csv names')
  const upn = (id: string) => world.person(id).userPrincipalName
  expect(
    tokens?.groups.map(({ says, people, names }) => [says, people, names.map((one) => one.upn)]),
  ).toEqual([
    ['get a token, and have nothing that outlives text messages', 1, [upn(bare)]],
    ['get a token beside what they have', 1, [upn(strong)]],
    ['stand in the list in a way that needs somebody to look', 1, [upn(unclear)]],
  ])
})
