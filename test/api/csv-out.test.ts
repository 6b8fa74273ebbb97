import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPeopleFile } from '../../src/people/csv-people.ts'
import { readTable } from '../../src/people/csv-table.ts'
import { wavegate } from '../cli/run.ts'
import { served } from './served.ts'

function tableOf(text: string): { head: string[]; rows: string[][] } {
  const table = readTable(text)
  if (table.is === 'unreadable') throw new Error(table.why)
  const [head, ...rows] = table.rows.map(({ cells }) => cells)
  return { head: head ?? [], rows }
}

test('every list of a rollout is a table too, and says the same as its JSON', async () => {
  const rig = await served()
  const { id } = await rig.draft()
  const lists = [
    ['/rollouts', 'rollouts', 'Id'],
    [`/rollouts/${id}/waves/test-user/members`, 'members', 'UserPrincipalName'],
    [`/rollouts/${id}/waves/test-user/gates`, 'gates', 'Gate'],
    [`/rollouts/${id}/left-out`, 'leftOut', 'UserPrincipalName'],
    [`/rollouts/${id}/leftovers`, 'leftovers', 'UserPrincipalName'],
    [`/rollouts/${id}/drift`, 'drift', 'Finding'],
    [`/rollouts/${id}/events`, 'events', 'Number'],
    ['/events', 'events', 'Number'],
  ] as const
  for (const [path, list, first] of lists) {
    const json = await rig.call('GET', `/api/v1${path}`)
    const byHeader = await rig.call('GET', `/api/v1${path}`, { headers: { accept: 'text/csv' } })
    const byQuery = await rig.call('GET', `/api/v1${path}?format=csv`, { headers: { accept: 'text/html' } })
    expect(byHeader.headers.get('content-type'), path).toBe('text/csv; charset=utf-8')
    expect(byQuery.body, path).toBe(byHeader.body)
    const { head, rows } = tableOf(byHeader.body)
    expect(head[0], path).toBe(first)
    expect(rows.length, path).toBe(json.body[list].length)
  }
  const none = await rig.call('GET', '/api/v1/rollouts/none/leftovers?format=csv')
  expect(none).toMatchObject({ status: 404, body: { code: 'rolloutNotFound' } })
})

test('a table comes in again as a file of people, whatever their names begin with', async () => {
  const rig = await served()
  const { id } = await rig.draft()
  const people = Array.from({ length: 1_500 }, (_, index) => ({
    person_id: `id-${String(index).padStart(4, '0')}`,
    upn: `=cmd|'/c calc'!A${index}@contoso.com`,
    display_name: `+45 "${index}"`,
    reason: 'guest',
  }))
  await rig.server.wavegate.store.tx((writer) =>
    writer.replaceLeftOut(
      id,
      people.map((one) => ({ ...one })),
    ),
  )
  const { body } = await rig.call('GET', `/api/v1/rollouts/${id}/left-out?format=csv`)
  expect(body).not.toMatch(/^"?[=+]/m)
  const { rows, problems } = readPeopleFile(new TextEncoder().encode(body))
  const read = rows.map(({ name, id: personId }) => `${personId} ${name}`).toSorted()
  expect(read).toEqual(people.map(({ upn, person_id }) => `${person_id} ${upn}`))
  expect(problems.map(({ code }) => code)).toEqual(['csvColumnUnread'])
})

test('the command line prints tables for a spreadsheet, and reads a file from disk', async () => {
  const rig = await served()
  const { id } = await rig.draft()
  const folder = mkdtempSync(join(tmpdir(), 'wavegate-csv-'))
  const file = join(folder, 'people.csv')
  writeFileSync(file, 'UPN;Mobile\r\nnobody@contoso.com;+4520123456\r\n')
  const as = { WAVEGATE_URL: rig.server.url, WAVEGATE_TOKEN: rig.tokens.changeManager }
  const list = await wavegate(as, ['rollout', 'list', '--csv'])
  expect(tableOf(list.out).rows.map(([first]) => first)).toEqual([id])
  const said = await wavegate(as, ['file', 'rows', file])
  expect(said.code).toBe(0)
  expect(said.out).toContain('0 matched · 0 repaired · 0 needs a human · 0 shared · 1 not in the directory')
  expect(said.out).not.toContain('20123')
  const csv = await wavegate(as, ['file', 'rows', file, '--status', 'notInDirectory', '--csv', '--unmask'])
  expect(tableOf(csv.out).rows[0]).toContain('+4520123456')
  const refused = await wavegate(as, ['file', 'rows', `sha256:${'0'.repeat(64)}`, '--csv'])
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('There is no file') })
})
