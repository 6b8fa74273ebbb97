import { GraphFailure } from '../graph/errors.ts'
import type { PersonEvidence } from './budgets.ts'
import { toStored } from './intake.ts'
import type { World } from './world.ts'

/** People looked into at one reading of the log; each costs a call of a bucket that gives four in ten seconds. */
const PEOPLE_A_LOOK = 50

/**
 * Where people used to sign in before they were switched, for those whose trouble came from a place nothing is known
 * of: read once a person, and only when it decides something. True: something new is known.
 */
export async function readHabits(
  world: World,
  waveId: string,
  people: readonly PersonEvidence[],
  signal: AbortSignal,
): Promise<boolean> {
  const open = people.filter((person) => person.needsHabits).slice(0, PEOPLE_A_LOOK)
  const read: string[] = []
  try {
    for (const person of open) {
      await readOne(world, person, signal)
      read.push(person.personId)
    }
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error
    world.log.warn({ err: error }, 'the sign-ins of before the switch could not be read')
  }
  if (read.length > 0) await world.store.tx((writer) => writer.noteHabits(waveId, read))
  return read.length > 0
}

async function readOne(
  world: World,
  { personId, since }: PersonEvidence,
  signal: AbortSignal,
): Promise<void> {
  const window = { from: since - world.declared.habitMs, to: since, userId: personId }
  for await (const page of world.directory.listSignIns(window, { lane: 'scan', signal })) {
    const rows = page.map(toStored)
    await world.store.tx((writer) => writer.saveSignIns(rows, world.clock.now()))
  }
}
