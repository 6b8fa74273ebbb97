import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { readTable } from '../../src/people/csv-table.ts'
import { PLAN, type Served, served } from './served.ts'

const CSV = { 'content-type': 'text/csv' }

function digestOf(text: string | Buffer): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function upload(call: Served['call'], text: string, path = '/api/v1/files') {
  return call('POST', path, { as: 'changeManager', body: text, headers: CSV })
}

/** People of the tenant whom nothing keeps out of a wave. */
function people(rig: Served) {
  const { world } = rig.tenant
  const found = world.people.filter(
    (one) => one.index !== 2 && one.kind === 'member' && one.roles.length === 0 && !one.unreported,
  )
  return found.map(({ id }) => ({ id, upn: world.person(id).userPrincipalName }))
}

test('bytes become a file under their digest, once', async () => {
  const { call } = await served()
  const text = 'UPN\nann@contoso.com\n'
  const first = await upload(call, text, '/api/v1/files?name=wave-3.csv')
  expect(first).toMatchObject({
    status: 201,
    body: { digest: digestOf(text), size: 20, name: 'wave-3.csv', uploadedBy: 'changeManager@contoso.com' },
  })
  const again = await call('POST', '/api/v1/files', {
    as: 'changeManager',
    body: text,
    headers: { 'content-type': 'application/octet-stream' },
  })
  expect(again).toMatchObject({ status: 200, body: { digest: digestOf(text), name: 'wave-3.csv' } })
})

test('a file of several megabytes is kept whole', async () => {
  const { call, server } = await served()
  const text = `UPN\n${'ann@contoso.com\n'.repeat(200_000)}`
  const { body } = await upload(call, text)
  expect(body).toMatchObject({ digest: digestOf(text), size: text.length })
  const kept = await server.wavegate.store.read.fileBytes(body.digest)
  expect(digestOf(Buffer.from(kept as Uint8Array))).toBe(body.digest)
})

test('a file is taken from change managers, as bytes and as nothing else', async () => {
  const { call } = await served()
  for (const as of ['viewer', 'helpDesk', 'approver', 'onCall'] as const)
    expect(await call('POST', '/api/v1/files', { as, body: 'x', headers: CSV })).toMatchObject({
      status: 403,
      body: { code: 'roleTooWeak' },
    })
  const json = await call('POST', '/api/v1/files', { as: 'changeManager', body: { path: '/etc/passwd' } })
  expect(json).toMatchObject({ status: 415, body: { code: 'unsupportedMediaType' } })
  const plan = await call('POST', '/api/v1/rollouts', { as: 'changeManager', body: 'x', headers: CSV })
  expect(plan.status).toBe(415)
})

const NASTY = (rig: Served) => {
  const [one, two] = people(rig)
  return [
    'Salary;UPN;MFA Status;Mobile',
    `pay-900;${one?.upn};Enabled;+4520123456`,
    'pay-900;nobody@contoso.com;Enabled;',
    `pay-900;${one?.upn.toUpperCase()};Enforced;+45 20123456`,
    `pay-900;${two?.upn};Disabled;`,
  ].join('\r\n')
}

test('the rows of a file say what became of each, page by page, without the columns that are not read', async () => {
  const rig = await served()
  const [one] = people(rig)
  const { digest } = (await upload(rig.call, NASTY(rig))).body
  const rows = (query = '') => rig.call('GET', `/api/v1/files/${digest}/rows${query}`, { as: 'approver' })
  const all = (await rows()).body
  expect(all.rows).toMatchObject([
    {
      line: 2,
      status: 'repaired',
      person: { personId: one?.id },
      repaired: [{ column: 'Mobile', from: '+*******456', to: '+45 *** 456' }],
    },
    { line: 3, status: 'notInDirectory', person: null },
    { line: 4, status: 'needsHuman', cause: 'twice', why: 'the same person stands in line 2' },
    { line: 5, status: 'needsHuman', cause: 'lowering' },
  ])
  expect(all.counts).toEqual({ matched: 0, repaired: 1, needsHuman: 2, shared: 0, notInDirectory: 1 })
  expect(all.unread).toEqual(['Salary'])
  expect(JSON.stringify(all)).not.toMatch(/pay-900|20123/)
  const page = (await rows('?limit=3')).body
  expect(page.next).toBe('3')
  expect((await rows(`?limit=3&cursor=${page.next}`)).body).toMatchObject({ rows: [{ line: 5 }], next: null })
  const asking = (await rows('?status=needsHuman&limit=1')).body
  expect(asking).toMatchObject({ rows: [{ line: 4 }], next: '3', counts: all.counts })
  expect((await rows('?cursor=x')).status).toBe(400)
  expect((await rows('?status=lost')).status).toBe(400)
  const gone = await rig.call('GET', `/api/v1/files/sha256:${'0'.repeat(64)}/rows`, { as: 'approver' })
  expect(gone).toMatchObject({ status: 404, body: { code: 'fileNotFound' } })
  expect((await rig.call('GET', `/api/v1/files/${digest}/rows`)).body.code).toBe('roleTooWeak')
})

test('the list to ask HR with is a table of the rows that need it; numbers in full are for few, and on record', async () => {
  const rig = await served()
  const { digest } = (await upload(rig.call, NASTY(rig))).body
  const address = `/api/v1/files/${digest}/rows`
  const asking = await rig.call('GET', `${address}?status=needsHuman&format=csv`, { as: 'approver' })
  expect(asking.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(asking.headers.get('content-disposition')).toBe('attachment; filename="rows-needsHuman.csv"')
  const table = readTable(asking.body)
  const [head, ...rows] = table.is === 'read' ? table.rows : []
  expect(head?.cells.slice(0, 4)).toEqual(['Line', 'Became', 'Cause', 'Why'])
  expect(rows.map(({ cells }) => cells.slice(0, 3))).toEqual([
    ['4', 'needsHuman', 'twice'],
    ['5', 'needsHuman', 'lowering'],
  ])
  const full = `${address}?unmask=true`
  expect((await rig.call('GET', full, { as: 'approver' })).body.code).toBe('roleTooWeak')
  const shown = await rig.call('GET', full, { as: 'onCall', headers: { accept: 'text/csv' } })
  expect(shown.body).toContain(`,Mobile,"'+4520123456","'+45 20123456",`)
  const events = (await rig.call('GET', '/api/v1/events?limit=1000')).body.events
  expect(events.filter((one: { type: string }) => one.type === 'file.unmasked')).toMatchObject([
    { actor: 'onCall@contoso.com', data: { digest } },
  ])
})

test.each([
  [
    'persona tags',
    'Persona;TagType;TagValueAD;TagValueCloud;ConditionType;Target;ConditionGroup\nA;B;C;D;E;F;G',
    'csvWrongKind',
  ],
  ['no column that names a person', 'Colour;Mobile\nred;1', 'csvColumnMissing'],
  ['a quote that never ends', 'UPN;Mobile\nann@contoso.com;"+45', 'csvUnreadable'],
  ['nothing', '\uFEFF', 'csvEmpty'],
])('a file of %s is kept, and told what is wrong with it', async (_what, text, code) => {
  const { call } = await served()
  const { digest } = (await upload(call, text)).body
  const { status, body } = await call('GET', `/api/v1/files/${digest}/rows`, { as: 'approver' })
  expect({ status, rows: body.rows, problems: body.problems }).toMatchObject({
    status: 200,
    rows: [],
    problems: [{ code, severity: 'error', hint: expect.stringMatching(/\w/) }],
  })
  const csv = await call('GET', `/api/v1/files/${digest}/rows?format=csv`, { as: 'approver' })
  expect(csv).toMatchObject({ status: 422, body: { code: 'fileNotReadable' } })
})

const WITH_FILE = PLAN.replace('{ group: IT department }', '{ csv: pilot.csv }')

test('a plan that names a file comes with its digest, as YAML in JSON and as JSON', async () => {
  const rig = await served()
  const named = people(rig)
  const text = `UPN\n${named
    .slice(0, 3)
    .map(({ id }) => id)
    .join('\n')}\n`
  const create = (body: object) => rig.call('POST', '/api/v1/rollouts', { as: 'changeManager', body })
  expect((await create({ plan: WITH_FILE })).body).toMatchObject({
    code: 'planInvalid',
    problems: [{ code: 'fileMissing', path: 'waves[1].members.csv' }],
  })
  const files = { 'pilot.csv': digestOf(text) }
  const unknown = await create({ plan: WITH_FILE, files })
  expect(unknown.body.problems).toContainEqual(
    expect.objectContaining({ code: 'fileMissing', message: expect.stringContaining('has been uploaded') }),
  )
  await upload(rig.call, text)
  const made = await create({ plan: WITH_FILE, files })
  expect(made.status).toBe(201)
  const { id, planHash } = made.body.rollout
  const plan = await rig.call('GET', `/api/v1/rollouts/${id}/plan`)
  expect(plan.body).toMatchObject({ number: 1, planHash, text: WITH_FILE, files, revisions: [{ number: 1 }] })
  const other = `${text}\n`
  await upload(rig.call, other)
  const second = await create({ plan: WITH_FILE, files: { 'pilot.csv': digestOf(other) } })
  expect(second.body.rollout.planHash).not.toBe(planHash)
  expect((await create({ plan: WITH_FILE, files: { 'pilot.csv': '../etc/passwd' } })).status).toBe(400)
})

test('a file that names nobody of the tenant refuses the plan with the line of the file', async () => {
  const rig = await served()
  const text = 'UPN;State\nnobody@contoso.com;Enabled\n'
  await upload(rig.call, text)
  const body = { plan: WITH_FILE, files: { 'pilot.csv': digestOf(text) } }
  const refused = await rig.call('POST', '/api/v1/rollouts', { as: 'changeManager', body })
  expect(refused.body.problems).toContainEqual(
    expect.objectContaining({
      code: 'csvPersonMissing',
      message: 'pilot.csv:2: there is no nobody@contoso.com in the tenant.',
      line: 23,
    }),
  )
})

test('rows that would lower somebody refuse the plan, each by its line, and say what lowers', async () => {
  const rig = await served()
  const [first, second] = people(rig)
  const text = `UPN;State\n${first?.upn};Enabled\n${second?.upn};Disabled\n`
  await upload(rig.call, text)
  const body = { plan: WITH_FILE, files: { 'pilot.csv': digestOf(text) } }
  const refused = await rig.call('POST', '/api/v1/rollouts', { as: 'changeManager', body })
  expect(refused).toMatchObject({ status: 422, body: { code: 'planInvalid' } })
  const problems = refused.body.problems.filter((one: { code: string }) => one.code === 'csvLowering')
  expect(problems).toMatchObject([{ message: expect.stringMatching(/^pilot\.csv:3: /), line: 23 }])
  expect(problems[0].hint).toContain('rollback')
  expect((await rig.call('GET', '/api/v1/rollouts')).body.rollouts).toEqual([])
})

test('a file that is too large is refused while it comes in, and nothing of it stays', async () => {
  const { server } = await served()
  const { service, store } = server.wavegate
  const sum = createHash('sha256')
  const megabyte = Buffer.alloc(1_000_000, 'x')
  const bytes = (async function* () {
    for (let part = 0; part <= 100; part += 1) {
      sum.update(megabyte)
      yield megabyte
    }
  })()
  const caller = { person: 'mette@contoso.com', roles: ['changeManager'], channel: 'rest' } as const
  await expect(service.uploadFile(caller, { bytes })).rejects.toMatchObject({ code: 'fileTooLarge' })
  expect(await store.read.file(`sha256:${sum.digest('hex')}`)).toBeUndefined()
  expect((await store.read.events(null, 0, 100)).map(({ type }) => type)).not.toContain('file.uploaded')
})
