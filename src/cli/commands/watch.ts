import { type Command, InvalidArgumentError } from 'commander'
import { wallClock } from '../../clock/wall-clock.ts'
import { fault } from '../../errors.ts'
import { DURATION_PATTERN, durationMs, sayDuration } from '../../plan/units.ts'
import type { EventView, RolloutView } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import type { Connection } from '../connection/connection.ts'
import { exitCodeOf } from '../exit-code.ts'
import { follow, storedEvents } from '../follow.ts'
import { clean, note, print, printJson } from '../output.ts'
import { sayEvent } from '../say-event.ts'
import { renderTree } from '../tree/render-tree.ts'
import { look, redrawer } from '../tree/terminal.ts'
import { wholeNumber } from './look.ts'

interface WatchOptions {
  json?: boolean
  timeout?: number
  after: number
}

const LIVE: readonly RolloutView['state'][] = ['draft', 'running', 'graduating', 'rollingBack']

export function watchCommand(rollout: Command): void {
  rollout
    .command('show <id>')
    .description('the status tree; the exit code says how the rollout stands')
    .option('--watch', 'go on until the rollout has ended')
    .option('--timeout <duration>', 'with --watch: give up after this: 30m, 2h', duration)
    .option('--json', 'the answer as JSON')
    .action(async (id: string, options: WatchOptions & { watch?: boolean }) => {
      await withConnection(async (connection) => {
        if (options.watch) return watch(connection, id, { ...options, after: 0 })
        const view = await show(connection, id)
        if (options.json) printJson(view)
        else print(renderTree(clean(view), look()))
        process.exitCode = exitCodeOf(view)
      })
    })

  rollout
    .command('watch <id>')
    .description('follows a rollout until it has ended: the tree on a terminal, elsewhere a line an event')
    .option('--timeout <duration>', 'give up after this: 30m, 2h', duration)
    .option('--after <seq>', 'only events after this one', wholeNumber, 0)
    .option('--json', 'each event as a line of JSON, the rollout as the last')
    .action((id: string, options: WatchOptions) =>
      withConnection((connection) => watch(connection, id, options)),
    )
}

async function watch(connection: Connection, id: string, options: WatchOptions): Promise<void> {
  let view = await show(connection, id)
  const teller = tellerFor(options.json === true)
  teller.view(view)
  const address = path`/rollouts/${id}/events`
  const clock = wallClock()
  const ending = new AbortController()
  let isLate = false
  const cancel =
    options.timeout === undefined
      ? () => {}
      : clock.at(clock.now() + options.timeout, () => {
          isLate = true
          ending.abort()
        })
  let seen = options.after
  const tell = (events: readonly EventView[]) => {
    teller.events(events)
    seen = events.at(-1)?.seq ?? seen
  }
  try {
    if (LIVE.includes(view.state)) {
      for await (const events of follow(connection, address, seen, clock, ending.signal)) {
        tell(events)
        if (!teller.draws && !events.some(({ type }) => type.startsWith('rollout.'))) continue
        view = await show(connection, id)
        teller.view(view)
        if (!LIVE.includes(view.state)) break
      }
    }
  } finally {
    cancel()
    ending.abort()
  }
  for await (const events of storedEvents(connection, address, seen)) tell(events)
  view = await show(connection, id)
  teller.end(view)
  if (isLate && options.timeout !== undefined)
    throw fault('timeUp', { id, time: sayDuration(options.timeout), state: view.state })
  if (connection.stream === undefined && LIVE.includes(view.state)) {
    note('Nobody serves this database, so nothing moves: `wavegate serve` goes on with it.')
  }
  process.exitCode = exitCodeOf(view)
}

interface Teller {
  /** Shows the whole rollout, so wants it after every change. */
  draws: boolean
  view(view: RolloutView): void
  events(events: readonly EventView[]): void
  end(view: RolloutView): void
}

function tellerFor(json: boolean): Teller {
  if (json) {
    const line = (value: unknown) => print(JSON.stringify(value))
    return { draws: false, view() {}, events: (events) => events.forEach(line), end: line }
  }
  if (process.stdout.isTTY) {
    const redraw = redrawer()
    const draw = (view: RolloutView) => redraw(renderTree(clean(view), look()))
    return { draws: true, view: draw, events() {}, end: draw }
  }
  return {
    draws: false,
    view() {},
    events(events) {
      for (const event of events) print(sayEvent(clean(event)))
    },
    end: (view) => print(renderTree(clean(view), look())),
  }
}

function show(connection: Connection, id: string): Promise<RolloutView> {
  return ask<RolloutView>(connection, { method: 'GET', path: path`/rollouts/${id}` })
}

function duration(text: string): number {
  if (!DURATION_PATTERN.test(text))
    throw new InvalidArgumentError('It has to be a number and a unit: 90s, 30m, 2h, 3d.')
  return durationMs(text)
}
