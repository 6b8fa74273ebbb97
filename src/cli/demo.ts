import { existsSync, readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import type { Demo, DemoOptions } from '../demo/run-demo.ts'
import { SCENARIOS } from '../emulator/scenario.ts'
import { Fault, fault } from '../errors.ts'
import type { EventView, RolloutView } from '../service.ts'
import { Refused } from './client.ts'
import { exitCodeOf } from './exit-code.ts'
import { PORT, positiveNumber, wholeNumber } from './number-option.ts'
import { note, print } from './output.ts'
import { readPlan } from './read-plan.ts'
import { sayEvent } from './say-event.ts'
import { sayLeftovers } from './say-leftovers.ts'
import { renderTree } from './tree/render-tree.ts'
import { look, redrawer } from './tree/terminal.ts'
import { untilSignal } from './until-signal.ts'

interface Flags {
  once?: boolean
  json?: boolean
  speed?: number
  people: number
  seed: number
  plan?: string
  db?: string
  port: number
  graphPort: number
  scenario: DemoOptions['scenario']
}

/** Six simulated hours a second: a day is a breath, a rollout a minute. */
const SHOW_SPEED = 6 * 3600

const EXAMPLE = new URL('../../rollout.example.yaml', import.meta.url)
const EXAMPLE_BUILT = new URL('../../../rollout.example.yaml', import.meta.url)

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('runs a rollout on a simulated tenant: people, server and an approver in one process')
    .option('--once', 'end with the rollout, with its exit code')
    .option(
      '--speed <factor>',
      'simulated seconds a second; default on a terminal without --once: 21600',
      positiveNumber,
    )
    .option('--people <n>', 'how many people the tenant has', wholeNumber(3, 1_000_000), 1_200)
    .option('--seed <n>', 'another tenant of the same size', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--plan <file>', 'a plan of your own instead of rollout.example.yaml')
    .option('--db <file>', 'keep the database here; it must not exist yet')
    .option('--port <port>', 'of the API; 0: any free one', wholeNumber(...PORT), 0)
    .option('--graph-port <port>', 'of the tenant in plain HTTP; 0: any free one', wholeNumber(...PORT), 0)
    .addOption(new Option('--scenario <name>', 'what the tenant is like').choices(SCENARIOS).default('clean'))
    .option('--json', 'addresses, events and the final status as JSON, one a line')
    .action(demo)
}

async function demo(flags: Flags): Promise<void> {
  if (flags.db !== undefined && existsSync(flags.db)) {
    throw fault('configInvalid', {
      detail: `--db ${flags.db} exists already; the demo begins with a new one`,
    })
  }
  const { runDemo } = await import('../demo/run-demo.ts')
  const isShow = process.stdout.isTTY === true && flags.json !== true
  const options: DemoOptions = {
    plan: flags.plan === undefined ? readExample() : readPlan(flags.plan),
    people: flags.people,
    seed: flags.seed,
    scenario: flags.scenario,
    db: flags.db,
    port: flags.port,
    graphPort: flags.graphPort,
    speed: flags.speed ?? (isShow && !flags.once ? SHOW_SPEED : 0),
    logLevel: 'error',
  }
  const display = displayOf(flags, isShow)
  let isTelling = true
  const running = await runDemo(options, (events) => {
    if (isTelling) display.events(events)
  }).catch((error) => {
    throw inFile(error, flags.plan ?? 'rollout.example.yaml')
  })
  // Before the first line: whoever reads it may answer with a signal at once.
  const signal = untilSignal()
  display.begin(running)
  const ended = await Promise.race([running.ended, signal])
  if (typeof ended !== 'string') {
    // The final status is the last line of a demo that ends; one that stays up tells what comes after, too.
    isTelling = flags.once !== true
    await display.end(running, ended)
    process.exitCode = exitCodeOf(ended)
    if (!flags.once) {
      note(`The API stays up at ${running.addresses.api} until you press Ctrl-C.`)
      await signal
    }
  }
  await running.close()
}

/** What is wrong with the plan is told with the name of its file. */
function inFile(error: unknown, file: string): unknown {
  if (!(error instanceof Fault)) return error
  const { code, status, message, hint, details } = error
  return new Refused({ ...details, code, status, detail: message, hint }, file)
}

function readExample(): string {
  return readFileSync(existsSync(EXAMPLE) ? EXAMPLE : EXAMPLE_BUILT, 'utf8')
}

interface Display {
  begin(demo: Demo): void
  events(events: EventView[]): void
  end(demo: Demo, view: RolloutView): Promise<void>
}

function displayOf(flags: Flags, isShow: boolean): Display {
  if (flags.json) return inOrder(jsonDisplay())
  return isShow ? treeDisplay() : inOrder(lineDisplay())
}

/** The addresses come first whatever happens before they are known. */
function inOrder(display: Display): Display {
  let early: EventView[] | null = []
  return {
    ...display,
    begin(demo) {
      display.begin(demo)
      display.events(early ?? [])
      early = null
    },
    events: (events) => (early === null ? display.events(events) : void early.push(...events)),
  }
}

function jsonDisplay(): Display {
  const line = (value: unknown) => print(JSON.stringify(value))
  return {
    begin: (demo) => line(demo.addresses),
    events: (events) => events.forEach(line),
    end: async (_demo, view) => line(view),
  }
}

function sayAddresses(demo: Demo): void {
  const { api, graph, token } = demo.addresses
  print(`API     ${api}   OpenAPI ${api}/openapi.json`)
  print(`tenant  ${graph}   journal ${graph}/_tenant/journal`)
  print(`token   ${token}   (on-call)`)
  print(`try     curl -s -H "Authorization: Bearer ${token}" ${api}/api/v1/rollouts/${demo.rolloutId}`)
  print('')
}

async function sayEnd(demo: Demo, view: RolloutView): Promise<void> {
  print('')
  print(renderTree(view, look()))
  for (const line of sayLeftovers(await demo.leftovers())) print(line)
}

function lineDisplay(): Display {
  return {
    begin: sayAddresses,
    events(events) {
      for (const event of events.filter(isTold)) print(sayEvent(event))
    },
    end: sayEnd,
  }
}

function treeDisplay(): Display {
  const redraw = redrawer()
  let running: Demo | undefined
  let drawing = Promise.resolve()
  return {
    begin(demo) {
      sayAddresses(demo)
      running = demo
    },
    events() {
      drawing = drawing.then(async () => {
        if (running) redraw(renderTree(await running.show(), look()))
      })
    },
    async end(demo, view) {
      await drawing
      running = undefined
      await sayEnd(demo, view)
    },
  }
}

/** Twenty people a call, one line a call: for a ledger, not for a reader. */
function isTold(event: EventView): boolean {
  return event.type !== 'members.requested'
}
