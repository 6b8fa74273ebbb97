import type { Task, Timer } from '../store/tasks.ts'
import { tellRollout, tellWave } from './tell.ts'
import type { World } from './world.ts'

export type TaskHandler = (task: Task, signal: AbortSignal) => Promise<void>

export interface Engine {
  /** Releases what a crash left running, and begins. */
  start(): Promise<void>
  /** Takes no new task, calls off what waits, and resolves when what is in flight has been recorded. */
  stop(): Promise<void>
  /** Looks for due work now; called after every commit that changed what waits. */
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
  let looking: Promise<void> | undefined
  let lookAgain = false
  let cancelWake = () => {}

  async function look(): Promise<void> {
    try {
      do {
        lookAgain = false
        const now = clock.now()
        for (const timer of await store.read.dueTimers(now)) await fire(timer)
        await takeTasks(now)
        await wakeForNext(now)
      } while (lookAgain && !stopping.signal.aborted)
    } catch (error) {
      log.error({ err: error }, 'the engine could not look for work; it looks again')
      if (!stopping.signal.aborted) cancelWake = clock.at(clock.now() + FAILED_TASK_PAUSE, poke)
    } finally {
      looking = undefined
    }
  }

  async function takeTasks(now: number): Promise<void> {
    // More than are free, since several may wait in one lane behind one another.
    for (const task of await store.read.readyTasks(now, CONCURRENCY * 8, [...running.keys()])) {
      if (running.size >= CONCURRENCY || stopping.signal.aborted) return
      if (running.has(task.lane)) continue
      const taken = await store.tx((writer) => writer.takeTask(task.id))
      if (!taken) continue
      const run = runTask(task)
        .catch((error) =>
          log.error({ err: error, task }, 'a task could not be put back; the next start runs it again'),
        )
        .finally(() => {
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
    try {
      await store.tx(async (writer) => {
        await writer.dropTimer(timer.instance, timer.token)
        const event = { type: 'WOKE' as const, at: clock.now(), token: timer.token }
        const wave = await writer.wave(timer.instance)
        if (wave) await tellWave(writer, wave.id, event)
        else await tellRollout(writer, timer.instance, event)
      })
    } catch (error) {
      // One that cannot be woken keeps nobody else from waking.
      log.error({ err: error, timer }, 'a timer could not wake its wave or rollout; it is tried again')
      const again = clock.now() + FAILED_TASK_PAUSE
      await store.tx((writer) => writer.setTimer(timer.instance, timer.token, again, timer.why))
    }
  }

  async function wakeForNext(now: number): Promise<void> {
    cancelWake()
    if (stopping.signal.aborted) return
    // What is due already waits for a lane; its end pokes.
    const { waitedFor, inPassing } = await store.read.nextDue(now)
    const cancels = [
      ...(waitedFor === null ? [] : [clock.at(waitedFor, poke)]),
      ...(inPassing === null ? [] : [clock.inPassing(inPassing, poke)]),
    ]
    cancelWake = () => {
      for (const cancel of cancels) cancel()
    }
  }

  function poke(): void {
    if (!started || stopping.signal.aborted) return
    if (looking) lookAgain = true
    else looking = look()
  }

  const stopListening = store.onWork(poke)
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
      await looking
      cancelWake()
      await Promise.all(running.values())
    },
    poke,
  }
}
