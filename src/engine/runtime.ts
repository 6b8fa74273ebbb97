import type { Task, Timer } from '../store/tasks.ts'
import { tellRollout, tellWave } from './tell.ts'
import type { World } from './world.ts'

export type TaskHandler = (task: Task, signal: AbortSignal) => Promise<void>

export interface Engine {
  /** Releases what a crash left running, and begins. */
  start(): Promise<void>
  /** Takes no new task, calls off what waits, and resolves when what is in flight has been recorded. */
  stop(): Promise<void>
  /** Looks for due work now; called after every commit. */
  poke(): void
}

const CONCURRENCY = 4
const FAILED_TASK_PAUSE = 60_000

/** Runs what is due: timers first, then tasks, one at a time per lane and a few at a time in all. */
export function createEngine(world: World, handlers: Record<string, TaskHandler>): Engine {
  const { clock, store, log } = world
  const running = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  let started = false
  let looking = false
  let lookAgain = false
  let cancelWake = () => {}

  async function look(): Promise<void> {
    if (!started || stopping.signal.aborted) return
    if (looking) {
      lookAgain = true
      return
    }
    looking = true
    try {
      do {
        lookAgain = false
        for (const timer of await store.read.dueTimers(clock.now())) await fire(timer)
        await takeTasks()
        await wakeForNext()
      } while (lookAgain)
    } catch (error) {
      log.error({ err: error }, 'the engine could not look for work; it looks again')
      cancelWake = clock.at(clock.now() + FAILED_TASK_PAUSE, poke)
    } finally {
      looking = false
    }
  }

  async function takeTasks(): Promise<void> {
    if (stopping.signal.aborted) return
    // More than are free, since several may wait in one lane behind one another.
    for (const task of await store.read.readyTasks(clock.now(), CONCURRENCY * 8)) {
      if (running.size >= CONCURRENCY) return
      if (running.has(task.lane)) continue
      const taken = await store.tx((writer) => writer.takeTask(task.id))
      if (!taken) continue
      const run = runTask(task).finally(() => {
        running.delete(task.lane)
        poke()
      })
      running.set(task.lane, run)
    }
  }

  async function runTask(task: Task): Promise<void> {
    const handler = handlers[task.kind]
    try {
      if (!handler) throw new Error(`nobody handles tasks of kind ${task.kind}`)
      await handler(task, stopping.signal)
      await store.tx((writer) => writer.finishTask(task.id))
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error, task }, 'a task failed; it is run again')
      const again = stopping.signal.aborted ? clock.now() : clock.now() + FAILED_TASK_PAUSE
      await store.tx((writer) => writer.postponeTask(task.id, again))
    }
  }

  /** The timer goes and the machine hears of it in one transaction; a token that is no longer current is dropped. */
  async function fire(timer: Timer): Promise<void> {
    await store.tx(async (writer) => {
      await writer.dropTimer(timer.instance, timer.token)
      const event = { type: 'WOKE' as const, at: clock.now(), token: timer.token }
      const wave = await writer.wave(timer.instance)
      if (wave) await tellWave(writer, wave.id, event)
      else await tellRollout(writer, timer.instance, event)
    })
  }

  async function wakeForNext(): Promise<void> {
    cancelWake()
    const due = await store.read.nextDue()
    // What is due already waits for a lane; its end pokes.
    if (due !== null && due > clock.now()) cancelWake = clock.at(due, poke)
  }

  function poke(): void {
    void look()
  }

  const stopListening = store.onCommit(poke)
  return {
    async start() {
      const released = await store.tx((writer) => writer.releaseTasks())
      if (released > 0)
        log.info({ released }, 'tasks that were under way when the server ended are run again')
      started = true
      poke()
    },
    async stop() {
      stopListening()
      stopping.abort(new Error('the server stops'))
      cancelWake()
      await Promise.all(running.values())
    },
    poke,
  }
}
