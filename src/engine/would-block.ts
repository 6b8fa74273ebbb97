import type { GateResult } from '../gates/gate-result.ts'
import type { SignIn } from '../gates/sign-in.ts'
import { type WouldBe, wouldBe } from '../gates/twin-sign-ins.ts'
import { type TwinLog, wouldBlockGate } from '../gates/would-block-gate.ts'
import type { Reader } from '../store/store.ts'
import { staleAfter } from './budgets.ts'
import type { WaveJob } from './job.ts'
import { type LookBack, lookBack } from './look-back.ts'
import { theTwin } from './twin.ts'
import type { World } from './world.ts'

/** What the twin says of the people who would go with the wave; nothing where the plan does not ask. */
export async function judgeWouldBlock(
  world: World,
  job: WaveJob,
  going: readonly string[],
  signal: AbortSignal,
): Promise<GateResult[]> {
  const twin = await theTwin(world, job, signal)
  const rule = job.planned.gates.wouldBlock
  if (!rule) return []
  const now = world.clock.now()
  const since = Math.max(now - world.times.lookBackMs, twin?.since ?? now)
  const read: LookBack | undefined =
    twin && (await lookBack(world, job.wave.id, new Set(going), since, signal))
  const verdicts = twin
    ? await twinVerdicts(world.store.read, job.wave.id, twin.id, since)
    : new Map<string, WouldBe>()
  const asked = {
    source: 'sign-in log, report-only twin',
    fetchedAt: read?.window?.to ?? null,
    nextEvaluation: world.clock.now() + world.times.recheckMs,
  }
  const people = going.map((id) => verdicts.get(id))
  const window = read?.window ? { from: since, to: read.window.to } : null
  return [wouldBlockGate({ rule, people, log: logOf(world, read), window, asked })]
}

/** By object id, of whoever of the wave was heard from since. */
export async function twinVerdicts(
  read: Pick<Reader, 'signInsOfWave'>,
  waveId: string,
  twinId: string,
  since: number,
): Promise<Map<string, WouldBe>> {
  const rows = await read.signInsOfWave(waveId, since)
  const byPerson = Map.groupBy(rows, ({ personId }) => personId)
  const found = new Map<string, WouldBe>()
  for (const [personId, some] of byPerson) {
    const verdict = wouldBe(
      some.map(({ row }) => row as SignIn),
      twinId,
    )
    if (verdict) found.set(personId, verdict)
  }
  return found
}

/** A reading that failed is forgiven while the one before it is recent. */
function logOf(world: World, read: LookBack | undefined): TwinLog {
  if (!read) return 'noTwin'
  switch (read.outcome) {
    case 'read':
      return 'read'
    case 'noLicence':
      return 'notLicensed'
    case 'failed':
      if (!read.window) return 'failed'
      return world.clock.now() - read.window.to <= staleAfter(world) ? 'read' : 'stale'
    default:
      return read.outcome satisfies never
  }
}
