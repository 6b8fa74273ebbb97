import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../api/app.ts'
import { simulatedClock } from '../../src/clock/simulated-clock.ts'
import { served } from './served.ts'
import { openStream } from './streams.ts'

const EVENTS = 6_000

test('a reader who takes nothing for a minute is cut off; one who reads gets everything', async () => {
  const { server, clock, tokens } = await served()
  const { service, store } = server.wavegate
  const at = clock.now()
  await store.tx(async (writer) => {
    const reason = 'x'.repeat(4_000)
    for (let n = 0; n < EVENTS; n++)
      await writer.append({ at, rolloutId: null, type: 'test.filled', actor: 'test', reason, data: { n } })
  })
  const wall = simulatedClock({ start: 0 })
  const app = createApp({ service, clock, wall })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  const authorization = `Bearer ${tokens.viewer}`

  const asleep = connect(Number(new URL(url).port), '127.0.0.1')
  asleep.pause()
  asleep.write(
    [
      'GET /api/v1/events HTTP/1.1',
      'Host: localhost',
      'Accept: text/event-stream',
      `Authorization: ${authorization}`,
      '',
      '',
    ].join('\r\n'),
  )
  const countOpen = () =>
    new Promise<number>((resolve, reject) =>
      app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    )
  while ((await countOpen()) < 1) await new Promise(setImmediate)
  while ((await countOpen()) > 0) await wall.runUntil(wall.now() + 1_000)
  expect(wall.now()).toBeGreaterThanOrEqual(60_000)
  asleep.destroy()

  const live = createApp({ service, clock })
  const other = await live.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => live.close())
  const reader = await openStream(`${other}/api/v1/events`, { authorization })
  await reader.until(({ data }) => data.n === EVENTS - 1)
  reader.hangUp()
  expect(reader.events.filter(({ type }) => type === 'test.filled').map(({ data }) => data.n)).toEqual(
    Array.from({ length: EVENTS }, (_, n) => n),
  )
})
