import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { served } from '../api/served.ts'
import { planWithNotices } from '../engine/mails.ts'
import { TEST_USER } from '../engine/plan-of-waves.ts'
import { wavegate } from './run.ts'

test('templates lie beside the plan: a wrong one is named by its line, a right one goes along, and its mails can be read', async () => {
  const all = await served()
  const { server, tokens, tenant } = all
  const as = (role: keyof typeof tokens) => ({ WAVEGATE_URL: server.url, WAVEGATE_TOKEN: tokens[role] })
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-notices-'))
  const plan = join(folder, 'plan.yaml')
  const template = join(folder, 'mail.en.md')
  writeFileSync(plan, planWithNotices([], { templates: ['mail.en.md'] }))

  writeFileSync(template, '---\nsubject: Soon\n---\nDear {{ person.name }},\n\non {{ day }}\n')
  const linted = await wavegate({}, ['plan', 'lint', plan])
  expect(linted.code).toBe(2)
  expect(linted.out + linted.err).toContain('mail.en.md:6:7: It names day, and there is no such field.')
  const refused = await wavegate(as('changeManager'), ['rollout', 'create', plan])
  expect(refused.code).toBe(2)
  expect(refused.out + refused.err).toContain('templateFieldUnknown')

  writeFileSync(
    template,
    '---\nsubject: From {{ switch.date }}\n---\nDear *{{ person.name }}*,\n\nask {{ contact }}.\n',
  )
  const made = await wavegate(as('changeManager'), ['rollout', 'create', plan, '--json'])
  expect(made.code, made.err).toBe(0)
  const { id } = JSON.parse(made.out).rollout
  const shown = await wavegate(as('helpDesk'), ['notice', 'preview', id, TEST_USER])
  expect(shown.code, shown.err).toBe(0)
  const { displayName } = tenant.world.person(TEST_USER)
  expect(shown.out).toContain(`Dear *${displayName}*,`)
  expect(shown.out).toContain('before-3d  notPlanned, due when its time is known, in en')
  expect(shown.out).toContain('(expected: the earliest possible day as things stand)')
  expect(shown.out).toMatch(/Subject: From \w+day, /)
  const html = await wavegate(as('helpDesk'), ['notice', 'preview', id, TEST_USER, '--html'])
  expect(html.out).toContain(`<p>Dear <em>${displayName}</em>,</p>`)
  const nobody = await wavegate(as('helpDesk'), ['notice', 'preview', id, 'nobody@contoso.com'])
  expect(nobody.err).toContain('personNotFound')
})
