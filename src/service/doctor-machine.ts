import type { World } from '../engine/world.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { amiss, type DoctorFinding, ok } from './doctor-finding.ts'

/** Of the process, as the composition root knows it. */
export interface Machine {
  node: string
  db: string
  graphUrl: string
  authority: string
  hasSecretKey: boolean
}

const OLDEST_NODE = 24

export async function machineFindings(
  world: World,
  machine: Machine,
  plan: CompiledPlan | undefined,
): Promise<DoctorFinding[]> {
  return [nodeFinding(machine), await databaseFinding(world, machine), secretKeyFinding(machine, plan)]
}

function nodeFinding({ node }: Machine): DoctorFinding {
  if (Number.parseInt(node, 10) >= OLDEST_NODE) return ok('node', `Node ${node}.`)
  return amiss('node', 'problem', `Node ${node} is too old.`, `Install Node ${OLDEST_NODE} or later.`)
}

/** By writing what stands there already. */
async function databaseFinding({ store, installation }: World, { db }: Machine): Promise<DoctorFinding> {
  try {
    await store.tx((writer) => writer.setSetting('installation', installation))
    return ok('database', `The database ${db} can be written.`)
  } catch (error) {
    const says = `The database ${db} cannot be written: ${error instanceof Error ? error.message : error}`
    return amiss(
      'database',
      'problem',
      says,
      'Check the rights on the file and its folder, and the space left.',
    )
  }
}

function secretKeyFinding({ hasSecretKey }: Machine, plan: CompiledPlan | undefined): DoctorFinding {
  const isNeeded = plan !== undefined && (plan.prepare?.tokens ?? null) !== null
  if (hasSecretKey) return ok('secretKey', 'WAVEGATE_SECRET_KEY is set.')
  if (!isNeeded) return ok('secretKey', 'WAVEGATE_SECRET_KEY is not set, and nothing needs it.')
  const says = 'WAVEGATE_SECRET_KEY is not set, and the plan hands out hardware tokens.'
  return amiss('secretKey', 'problem', says, 'Set it to a key of its own, kept elsewhere than the database.')
}
