import { planOf } from '../engine/job.ts'
import { waveContextOf } from '../engine/step.ts'
import type { World } from '../engine/world.ts'
import { sayDuration } from '../plan/units.ts'
import type { StoredEvent } from '../store/events.ts'
import { sayCampaign } from './campaign-view.ts'
import { gatesView } from './gates-view.ts'
import { needRollout, rolloutView } from './look.ts'
import { sayNotices } from './notices-view.ts'
import { sayPrepared } from './preparation-view.ts'
import { rollbackTrouble } from './rollback-trouble.ts'
import { sayAge } from './say-age.ts'
import { sayCrossing } from './say-crossing.ts'
import { sayRevocation } from './sessions-view.ts'
import { type HoldView, type RolloutView, type TenantFindingView, time, type WaveView } from './views.ts'

/** In words, for somebody who was just woken: what each wave does, what holds it, what lifts that, what comes next. */
export async function explainRollout(world: World, id: string): Promise<string[]> {
  const view = await rolloutView(world, id)
  const lines = [`Rollout ${view.name} (${view.id}) is ${view.state}, ${view.phase}.`]
  lines.push(...view.holds.map(sayHold), ...view.findings.map(sayFinding))
  lines.push(...view.drift.flatMap(sayBare))
  lines.push(...sayCampaign(view.campaign))
  const rollout = await needRollout(world.store.read, id)
  lines.push(...sayTrouble(await rollbackTrouble(world.store.read, rollout, rollout)))
  if (planOf(rollout).enforce.when === 'risk')
    lines.push('The policy asks at risky sign-ins only: few people are proven, and quiet is no proof.')
  lines.push(...sayRevocation(planOf(rollout)))
  for (const wave of view.waves) {
    lines.push(...sayWave(wave))
    const stored = await world.store.read.wave(wave.id)
    if (!stored || stored.state === 'pending') continue
    const trouble = await rollbackTrouble(world.store.read, rollout, stored)
    lines.push(...sayTrouble(trouble).map((line) => `  ${line}`))
    lines.push(...(await sayCrossing(world.store.read, stored)))
    for (const gate of await gatesView(world, stored))
      lines.push(`  ${gate.gate}: ${gate.says} (read ${gate.at})`)
    const context = waveContextOf(stored.saved)
    if (stored.state === 'judging' && context.wakeAt !== null && context.holds.length === 0) {
      lines.push(
        '  Nothing is decided before the soak, the log’s settling and Microsoft’s propagation are over.',
      )
    }
  }
  if (view.adopted > 0)
    lines.push(
      `${view.adopted} people were in the group before, and are adopted: no rollback takes them out.`,
    )
  const graduation = await world.store.read.graduation(id)
  if (graduation?.wideAt != null)
    lines.push(`The policy covers all users since ${time(graduation.wideAt)}, but for its exceptions.`)
  if (view.leftovers > 0)
    lines.push(
      `${view.leftovers === 1 ? '1 person is' : `${view.leftovers} people are`} not under MFA by this rollout.`,
    )
  if (view.nextLookAt) lines.push(`The catch-up looks again who is left over at ${view.nextLookAt}.`)
  for (const { reason, people } of view.leftOut.filter((one) => one.reason !== 'adopted'))
    lines.push(`${people === 1 ? '1 person is' : `${people} people are`} in no wave: ${reason}.`)
  lines.push(`Possible now: ${view.possible.join(', ') || 'nothing'}.`)
  return lines
}

function sayBare({ finding, bare }: RolloutView['drift'][number]): string[] {
  if (bare.length === 0) return []
  const names = bare.map(({ upn }) => upn).join(', ')
  return [`Without MFA by ${finding} until per-user MFA is read back: ${names}.`]
}

function sayTrouble(event: StoredEvent | undefined): string[] {
  if (!event) return []
  const next = event.data.passing ? 'It is tried again.' : 'Roll back again when the cause is gone.'
  return [`Taking back failed at ${time(event.at)}: ${event.reason} ${next}`]
}

function sayFinding({ finding, since, says, accepted }: TenantFindingView): string {
  const found = `Found at ${since}: ${finding}. ${says}`
  if (accepted === null) return `${found} Not accepted.`
  return `${found} Accepted by ${accepted.by} at ${accepted.at}: ${accepted.reason}.`
}

function sayHold(hold: HoldView): string {
  const about = hold.gate ? ` (${hold.gate})` : ''
  return `Held: ${hold.kind}${about} since ${hold.since} by ${hold.by}: ${hold.reason}. Lifted by ${hold.liftedBy}. Now ${sayAge(hold, (iso) => iso)}.`
}

function sayWave(wave: WaveView): string[] {
  const { counts, soak } = wave
  const isUncounted = wave.state === 'pending' && counts.members === 0
  const lines = [
    isUncounted
      ? `Wave ${wave.name} is pending: its people are counted when it begins.`
      : `Wave ${wave.name} is ${wave.state}: ${counts.inPlace} of ${counts.members} in place, ${counts.proven} proven, ${counts.deferred} deferred, ${counts.failed} failed, ${counts.unknown} unknown, ${counts.lockedOutNow} locked out now (${counts.everLockedOut} ever).`,
  ]
  lines.push(...sayPreparing(wave).map((line) => `  ${line}`))
  if (wave.state === 'awaitingApproval') lines.push(`  ${sayApproval(wave.approval)}`)
  if (wave.state === 'soaking')
    lines.push(`  It has soaked ${sayDuration(soak.elapsedMs)} of ${sayDuration(soak.forMs)}.`)
  if (wave.nextLookAt) lines.push(`  The engine looks again at ${wave.nextLookAt}.`)
  for (const { upn, askedBy } of wave.leftIn)
    lines.push(
      `  ${upn} holds a directory role and stays in: rollback with that name by a second person than ${askedBy} (on-call or approver) confirms.`,
    )
  lines.push(...wave.holds.map((hold) => `  ${sayHold(hold)}`))
  return lines
}

/** What was done before the switch, and what a wave waits for on that account. */
function sayPreparing(wave: WaveView): string[] {
  const lines = wave.prepared.length > 0 ? [`Prepared: ${sayPrepared(wave)}.`] : []
  if (wave.state === 'preparing' && wave.ahead)
    lines.push('It is prepared ahead of its turn: it goes no further before the wave before it has ended.')
  if (wave.notices !== null) lines.push(`Notices: ${sayNotices(wave.notices)}.`)
  if (wave.notBefore !== null && ['preparing', 'checkingReadiness', 'awaitingApproval'].includes(wave.state))
    lines.push(`Nobody of it is changed before ${wave.notBefore}.`)
  if (wave.notBefore !== null && wave.state === 'awaitingWindow' && wave.nextLookAt === wave.notBefore)
    lines.push(`It waits until ${wave.notBefore}; readiness is judged again then.`)
  return lines
}

function sayApproval({ quorum, given, until }: WaveView['approval']): string {
  const who = quorum === 1 ? 'an approver' : `${quorum} different approvers; ${given.length} have said yes`
  return `It waits for ${who}.${until === null ? '' : ` Unanswered until ${until}, it holds.`}`
}
