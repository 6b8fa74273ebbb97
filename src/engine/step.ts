import { createActor, initialTransition, type Snapshot, transition } from 'xstate'
import {
  Effect,
  RolloutContext,
  type RolloutEvent,
  type RolloutState,
  Saved,
  WaveContext,
  type WaveEvent,
  type WaveSettings,
  type WaveState,
} from '../../machines/language.ts'
import { ROLLOUT_MACHINE, rolloutMachine } from '../../machines/rollout.ts'
import type { RolloutInput } from '../../machines/rollout-steps.ts'
import { WAVE_MACHINE, waveMachine } from '../../machines/wave.ts'

export interface Stepped {
  saved: Saved
  state: string
  effects: Effect[]
  /** False: the machine does not know this event in its state; nothing changed and nothing is asked. */
  moved: boolean
}

const MACHINES = {
  rollout: { machine: rolloutMachine, version: ROLLOUT_MACHINE.version, context: RolloutContext },
  wave: { machine: waveMachine, version: WAVE_MACHINE.version, context: WaveContext },
} as const

// The two machines differ in context and events; inside this adapter only what they share is used.
type AnyMachine = typeof waveMachine
type AnySnapshot = ReturnType<typeof restore>

function machineOf(kind: Saved['machine']): AnyMachine {
  return MACHINES[kind].machine as unknown as AnyMachine
}

/** @throws when the saved instance is of a version or shape this build cannot read. */
function restore(saved: Saved) {
  const { machine, version, snapshot } = Saved.parse(saved)
  const known = MACHINES[machine]
  if (version !== known.version) {
    throw new Error(
      `a ${machine} saved by machine version ${version}; this build reads version ${known.version}`,
    )
  }
  // An unstarted actor restores history too, and tells of a vanished state by its status instead of throwing.
  const actor = createActor(machineOf(machine), {
    snapshot: snapshot as unknown as Snapshot<unknown>,
    input: undefined as never,
  })
  const restored = actor.getSnapshot()
  if (restored.status === 'error')
    throw new Error(`a saved ${machine} cannot be read`, { cause: restored.error })
  known.context.parse(restored.context)
  return restored
}

function persist(kind: Saved['machine'], snapshot: AnySnapshot): Saved {
  const machine = machineOf(kind)
  const plain = machine.getPersistedSnapshot(snapshot)
  return JSON.parse(JSON.stringify({ machine: kind, version: MACHINES[kind].version, snapshot: plain }))
}

/** The name of the innermost state, which is what the design names. */
export function stateOf(saved: Saved): string {
  let value: unknown = saved.snapshot.value
  while (value !== null && typeof value === 'object') {
    const [name, inner] = Object.entries(value)[0] ?? []
    // `rollingBack` keeps its own name: its inner states are how, not what.
    if (name === 'rollingBack') return name
    value = inner
  }
  return String(value)
}

export function rolloutStateOf(saved: Saved): RolloutState {
  return stateOf(saved) as RolloutState
}

export function waveStateOf(saved: Saved): WaveState {
  return stateOf(saved) as WaveState
}

export function rolloutContextOf(saved: Saved): RolloutContext {
  return RolloutContext.parse(saved.snapshot.context)
}

export function waveContextOf(saved: Saved): WaveContext {
  return WaveContext.parse(saved.snapshot.context)
}

export function beginRollout(input: RolloutInput): Stepped {
  return begin('rollout', input)
}

export function beginWave(settings: WaveSettings): Stepped {
  return begin('wave', { settings })
}

function begin(kind: Saved['machine'], input: unknown): Stepped {
  const [snapshot, actions] = initialTransition(machineOf(kind), input as { settings: WaveSettings })
  if (snapshot.status === 'error') throw new Error(`a ${kind} cannot begin`, { cause: snapshot.error })
  return stepped(kind, snapshot, actions, true)
}

/** One step: what is saved next and what is asked of the world. Executes nothing. */
export function next(saved: Saved, event: RolloutEvent | WaveEvent): Stepped {
  const before = restore(saved)
  const [after, actions] = transition(machineOf(saved.machine), before, event as WaveEvent)
  if (after.status === 'error')
    throw new Error(`a ${saved.machine} cannot take ${event.type}`, { cause: after.error })
  // A step that only asks something of the world leaves the snapshot as it is.
  return stepped(saved.machine, after, actions, after !== before || actions.length > 0)
}

/** Asks an instance which events would move it, without taking the step: `next` says the same and costs far more. */
export function listener(saved: Saved): (event: RolloutEvent | WaveEvent) => boolean {
  const snapshot = restore(saved)
  return (event) => snapshot.can(event as WaveEvent)
}

function stepped(
  kind: Saved['machine'],
  snapshot: AnySnapshot,
  actions: readonly { type: string; params?: unknown }[],
  moved: boolean,
): Stepped {
  const saved = persist(kind, snapshot)
  const effects = actions.map((action) => {
    if (action.type !== 'effect')
      throw new Error(`the ${kind} machine asked for the unknown action ${action.type}`)
    return Effect.parse(action.params)
  })
  return { saved, state: stateOf(saved), effects, moved }
}
