import { planOf } from '../engine/job.ts'
import { readSecurityDefaults, SECURITY_DEFAULTS_OFF } from '../engine/security-defaults.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { RolloutFinding } from '../store/rollouts.ts'
import type { Situation } from './act.ts'
import { graphFault } from './graph-fault.ts'
import { keepVerb, within } from './keep.ts'
import { needRollout, rolloutView } from './look.ts'
import { checkCall } from './permit.ts'
import type { VerbAnswer } from './views.ts'

/** Whether the call is about what is found in the tenant as a whole, not about what another hand changed of ours. */
export function namesFinding({ call, rollout }: Situation): boolean {
  return rollout.findings.some((one) => call.findings?.includes(one.finding))
}

/** An approver takes a finding of the rollout as it is, by name. @throws findingUnknown, notApplicable */
export async function acceptFinding(
  world: World,
  situation: Situation,
  signal: AbortSignal,
): Promise<VerbAnswer> {
  const { call, rollout } = situation
  const named = call.findings ?? []
  const known = rollout.findings.filter((one) => named.includes(one.finding))
  if (named.length === 0 || known.length !== new Set(named).size) {
    const open = rollout.findings.filter((one) => one.accepted === null).map((one) => one.finding)
    const findings = named.join(', ') || '(none named)'
    throw fault('findingUnknown', { findings, open: open.join(', ') || 'nothing' })
  }
  const open = known.filter((one) => one.accepted === null)
  if (open.length === 0) return await answer(world, situation, false, 'It is so already.')
  if (open.some((one) => one.finding === SECURITY_DEFAULTS_OFF)) await refuseWhileOn(world, situation, signal)
  const says = open.map((one) => `${one.finding}: ${one.says}`).join(' ')
  if (call.dryRun) return await answer(world, situation, false, `Would: accept ${says}`)
  return await record(world, situation, open, `Accepted ${says}`)
}

/** What is not so yet cannot be taken as it is: by then it may be about other people. */
async function refuseWhileOn(world: World, { call, rollout }: Situation, signal: AbortSignal): Promise<void> {
  const ask = { lane: 'scan' as const, signal }
  const defaults = await readSecurityDefaults(world, planOf(rollout), ask).catch((error) => {
    throw graphFault(error)
  })
  if (!defaults.isOn) return
  const because = 'security defaults are still on'
  const instead = `Switch them off first, then accept ${SECURITY_DEFAULTS_OFF}.`
  throw fault('notApplicable', { verb: call.verb, because, instead })
}

async function record(
  world: World,
  situation: Situation,
  open: readonly RolloutFinding[],
  says: string,
): Promise<VerbAnswer> {
  const { caller, call, rollout, waves } = situation
  const at = world.clock.now()
  const accepted = { by: caller.person, at, reason: call.reason, channel: caller.channel }
  const names = open.map((one) => one.finding)
  return await world.store.tx(async (writer) => {
    const now = await needRollout(writer, rollout.id)
    checkCall(caller, call, now, waves)
    const findings = now.findings.map((one) => (names.includes(one.finding) ? { ...one, accepted } : one))
    await writer.setFindings(rollout.id, findings)
    const data = { channel: caller.channel, findings: names, says: open.map((one) => one.says) }
    const place = { at, rolloutId: rollout.id, actor: caller.person, reason: call.reason }
    await writer.append({ ...place, type: 'verb.accept', data })
    const done = await answer(within(world, writer), situation, true, says)
    return await keepVerb(writer, world, situation, done)
  })
}

async function answer(
  world: World,
  { call, rollout }: Situation,
  changed: boolean,
  says: string,
): Promise<VerbAnswer> {
  const view = await rolloutView(world, rollout.id)
  return { verb: call.verb, changed, dryRun: call.dryRun, says, people: [], rollout: view }
}
