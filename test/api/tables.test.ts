import { expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { VERBS, Verb } from '../../src/service/verbs.ts'
import { served } from './served.ts'

const PLACES = {
  rollout: '/api/v1/rollouts/{id}',
  wave: '/api/v1/rollouts/{id}/waves/{wave}',
  person: '/api/v1/rollouts/{id}/people/{person}',
}

type Operation = {
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>
  requestBody?: unknown
  summary?: string
  operationId?: string
}

test('each verb of the table has its routes, and there are no others', async () => {
  const { call } = await served()
  const { paths } = (await call('GET', '/openapi.json')).body
  const described = Object.keys(paths).filter((path) =>
    Verb.options.some((verb) => path.endsWith(`/${verb}`)),
  )
  const wanted = Verb.options.flatMap((verb) => VERBS[verb].on.map((subject) => `${PLACES[subject]}/${verb}`))
  // The pass is for people outside any rollout as well.
  expect(described.toSorted()).toEqual([...wanted, '/api/v1/people/{person}/pass'].toSorted())
  for (const path of wanted) expect(Object.keys(paths[path])).toEqual(['post'])
})

test('each verb of the table is a command, with the options of what it is said of', () => {
  const rollout = createProgram().commands.find((command) => command.name() === 'rollout')
  for (const verb of Verb.options) {
    const command = rollout?.commands.find((one) => one.name() === verb)
    const options = new Map(command?.options.map((option) => [option.long, option]))
    const { on } = VERBS[verb]
    expect(options.get('--reason')?.mandatory).toBe(true)
    expect(options.has('--wave')).toBe(on.includes('wave'))
    expect(options.get('--wave')?.mandatory ?? false).toBe(on.length === 1 && on[0] === 'wave')
    expect(options.has('--person')).toBe(on.includes('person'))
    expect(options.has('--gate')).toBe(verb === 'advance' || verb === 'accept')
    expect(options.has('--by')).toBe(verb === 'extend' || verb === 'shorten')
    for (const name of ['--json', '--dry-run', '--if-match']) expect(options.has(name)).toBe(true)
    expect(command?.description()).toContain(VERBS[verb].says)
  }
})

test('freeze and thaw take what every verb takes: a reason, a dry run and an Idempotency-Key', async () => {
  const { call } = await served()
  const { paths } = (await call('GET', '/openapi.json')).body
  for (const verb of ['freeze', 'thaw']) {
    const { parameters, requestBody } = paths[`/api/v1/${verb}`].post
    expect(parameters.map((one: { name: string }) => one.name)).toContain('idempotency-key')
    const { schema } = requestBody.content['application/json']
    expect(Object.keys(schema.properties)).toEqual(['reason', 'dryRun'])
    const command = createProgram().commands.find((one) => one.name() === verb)
    const options = command?.options.map(({ long }) => long)
    expect(options).toEqual(['--reason', '--dry-run', '--idempotency-key', '--json'])
  }
})

test('every command that answers takes --json', () => {
  const { commands } = createProgram()
  const groups = commands.filter(({ commands: inner }) => inner.length > 0)
  for (const command of groups.flatMap(({ commands: inner }) => inner)) {
    expect(
      command.options.map(({ long }) => long),
      command.name(),
    ).toContain('--json')
  }
})

test('every route says what it takes, what it answers and each problem it can meet', async () => {
  const { call } = await served()
  const { openapi, paths, components } = (await call('GET', '/openapi.json')).body
  expect(openapi).toBe('3.1.0')
  const operations = Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  )
  expect(operations.length).toBeGreaterThan(25)
  for (const { path, method, responses, requestBody, summary } of operations) {
    const name = `${method} ${path}`
    expect(summary, name).toBeTruthy()
    if (method === 'post') expect(requestBody, name).toBeDefined()
    const good = Object.keys(responses).filter((status) => Number(status) < 400)
    expect(good.length, name).toBeGreaterThan(0)
    for (const [status, { content }] of Object.entries(responses)) {
      if (Number(status) < 400) continue
      expect(content?.['application/problem+json']?.schema, `${name} ${status}`).toEqual({
        $ref: '#/components/schemas/Problem',
      })
    }
    const expected = path.startsWith('/api/') ? ['400', '401', '403', '500', '503'] : ['400', '500', '503']
    expect(Object.keys(responses), name).toEqual(expect.arrayContaining(expected))
  }
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  const named = JSON.stringify(paths).matchAll(/#\/components\/schemas\/(\w+)/g)
  for (const [, schema = ''] of named) expect(components.schemas).toHaveProperty(schema)
  expect(components.schemas.RolloutView.properties.leftovers.description).toContain('not under MFA')
})
