import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { previewPage } from '../../api/preview-page.ts'
import { whyLines } from '../../src/cli/commands/why.ts'
import { previewLines } from '../../src/cli/say-preview.ts'
import { DEMO_START } from '../../src/demo/run-demo.ts'
import { ANDERS, HANNE, knowAnders, METTE, openRig } from '../engine/rig.ts'

const EXAMPLE = readFileSync(join(import.meta.dirname, '../../rollout.example.yaml'), 'utf8')
/** What it says, without lines that are only a word to the reader. */
const TEXT = EXAMPLE.replace(/^\s*#.*\n/gm, '')

test('the demo tenant before its plan: nobody is ready unseen, then a page for the change board, and six people’s why', async () => {
  const rig = await openRig({ people: 1_200, start: DEMO_START })
  await knowAnders(rig)
  const { service } = rig.wavegate
  const preview = (names: number) => rig.answer(() => service.previewPlan({ text: TEXT }, names))

  const unseen = await preview(0)
  expect(unseen.verdicts.map(({ verdict }) => verdict)).not.toContain('ready')
  expect(unseen.verdicts.find(({ verdict }) => verdict === 'unknown')?.people).toBeGreaterThan(900)
  expect(unseen.facts.gathering).toBe(true)

  await rig.until('people.gathered')
  const view = await preview(3)
  const count = (parts: readonly { people: number }[]) => parts.reduce((sum, { people }) => sum + people, 0)
  expect(count(view.verdicts)).toBe(1_200)
  expect(count(view.waves) + count(view.untouched)).toBe(1_200)
  await expect(`${previewLines(view).join('\n')}\n`).toMatchFileSnapshot('preview.golden.txt')
  await expect(previewPage(view)).toMatchFileSnapshot('preview.golden.html')

  const everybody = await rig.answer(() => service.previewEverybody({ text: TEXT }))
  expect(everybody).toHaveLength(1_200)
  for (const { verdict, people } of view.verdicts)
    expect(everybody.filter((one) => one.verdict === verdict)).toHaveLength(people)
  for (const one of everybody) expect(one.wave === null, one.upn).toBe(one.untouched !== null)

  const id = await rig.started(TEXT)
  await rig.until('wave.awaitingApproval', 'test-user')
  await rig.act(ANDERS, 'approve', id, { wave: 'test-user' })
  await rig.until('wave.awaitingApproval', 'pilot')
  const { members } = await service.members(id, 'pilot', { limit: 100 })
  const goes = members.find((one) => one.deferred === null)
  const needs = everybody.find((one) => one.verdict === 'needsNumber' && one.wave === 'wave-2')
  const robot = everybody.find((one) => one.verdict === 'notAPerson')
  const role = everybody.find((one) => one.verdict === 'administrator')
  expect(needs && goes && role && robot).toBeTruthy()
  const question = `person-${robot?.personId}`
  const answer = { answer: 'notAPerson' as const, reason: 'the mailbox of the reception', dryRun: false }
  await service.answerQuestion(METTE, { question, ...answer })
  const until = { approver: ANDERS.person, until: '2027-01-15' }
  await rig.act(HANNE, 'defer', id, { people: [goes?.upn ?? ''], reason: 'on leave', ...until })
  const six = [
    'bg1@contoso.onmicrosoft.com',
    role?.upn ?? '',
    'test.user@contoso.com',
    needs?.upn ?? '',
    robot?.upn ?? '',
    goes?.upn ?? '',
  ]
  const said: string[] = []
  for (const who of six) said.push(...whyLines(await rig.answer(() => service.personWhy(who, id))))
  await expect(`${said.join('\n')}\n`).toMatchFileSnapshot('preview-why.golden.txt')
  await expect(rig.answer(() => service.personWhy('nobody@contoso.com', id))).rejects.toMatchObject({
    code: 'personUnknown',
  })
}, 120_000)

test('a tenant without registration report has a preview in which nobody is ready, with the reason', async () => {
  const rig = await openRig({ scenario: 'no-p1' })
  const view = await rig.answer(() => rig.wavegate.service.previewPlan({ text: TEXT }, 1))
  const said = view.verdicts.map(({ verdict }) => verdict)
  expect(said).not.toContain('ready')
  expect(said).not.toContain('readyUntil')
  expect(view.problems.map(({ code }) => code)).toContain('factsNotAvailable')
  await rig.until('people.gathered')
  const later = await rig.answer(() => rig.wavegate.service.previewPlan({ text: TEXT }, 1))
  const unknown = later.verdicts.find(({ verdict }) => verdict === 'unknown')
  expect(unknown?.names[0]?.why).toContain('P1')
})
