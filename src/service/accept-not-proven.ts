import { isCrossing, mayRetire, queueRetire } from '../engine/crossing.ts'
import type { World } from '../engine/world.ts'
import { fault } from '../errors.ts'
import type { Member } from '../store/members.ts'
import type { Writer } from '../store/store.ts'
import type { Situation } from './act.ts'
import { keepVerb, within } from './keep.ts'
import { needRollout, rolloutView } from './look.ts'
import { checkApprover, checkCall } from './permit.ts'
import type { VerbAnswer } from './views.ts'

/** The finding about a person that an approver may take as it is. */
export const NOT_PROVEN = 'notProven'

/** A named decision: these people go over to Conditional Access without a sign-in that proves the policy for them. */
export async function acceptNotProven(
  world: World,
  situation: Situation,
  people: readonly Member[],
): Promise<VerbAnswer> {
  const { caller, call, rollout } = situation
  await checkApprover(world.store.read, caller, rollout)
  refuseOtherFindings(call.findings)
  if (!isCrossing(rollout)) {
    const because = 'the plan leaves per-user MFA alone'
    const instead = 'The plan says enforce.retirePerUserMfa: true where it is to go off.'
    throw fault('notApplicable', { verb: 'accept', because, instead })
  }
  for (const member of people) await refuseUnfit(world, member)
  const open = people.filter((member) => member.perUserMfa !== 'retired' && !isAccepted(member))
  const changed = open.length > 0 && !call.dryRun
  const names = open.map((one) => one.upn).join(', ')
  const says = `${names}: per-user MFA goes off without a proof.`
  const answer = async (seen: World): Promise<VerbAnswer> => ({
    verb: 'accept',
    changed,
    dryRun: call.dryRun,
    says: open.length === 0 ? 'It is so already.' : `${call.dryRun ? 'Would: ' : ''}${says}`,
    people: open.map(({ personId, upn }) => ({ personId, upn, why: 'never proven; per-user MFA goes off' })),
    rollout: await rolloutView(seen, rollout.id),
  })
  if (!changed) return await answer(world)
  return await world.store.tx(async (writer) => {
    await record(writer, world, situation, open)
    return await keepVerb(writer, world, situation, await answer(within(world, writer)))
  })
}

function refuseOtherFindings(named: readonly string[] = []): void {
  const other = named.find((one) => one !== NOT_PROVEN)
  if (other === undefined) return
  throw fault('requestInvalid', { detail: `of a person only ${NOT_PROVEN} can be accepted, not ${other}` })
}

function isAccepted({ notProvenAcceptedAt, perUserMfa }: Member): boolean {
  return notProvenAcceptedAt !== null && perUserMfa !== 'failed'
}

/** @throws notApplicable for whom there is no such finding, or whom no decision puts over */
async function refuseUnfit(world: World, member: Member): Promise<void> {
  const because = unfit(member)
  if (because !== null) {
    const instead = '`rollout members` shows what became of each person’s per-user MFA.'
    throw fault('notApplicable', { verb: 'accept', because: `${member.upn} ${because}`, instead })
  }
  const { rolloutId, waveId } = member
  const leave = await mayRetire(world.store.read, { rolloutId, waveId }, world.clock.now())
  if (leave === 'now') return
  const held = leave === 'later' ? 'is held' : 'is over'
  throw fault('notApplicable', {
    verb: 'accept',
    because: `the wave of ${member.upn} ${held}`,
    instead: '`rollout explain` says by what, and what lifts it.',
  })
}

function unfit({ perUserMfa, perUserReason, restore, deferred }: Member): string | null {
  if (restore !== null || deferred !== null) return 'was taken back, or waits for later'
  switch (perUserMfa) {
    case null:
      return 'has not been looked at yet: that is done when the wave is judged'
    case 'none':
      return 'has no per-user MFA'
    case 'keeps':
      return perUserReason === NOT_PROVEN ? null : `keeps per-user MFA for another reason: ${perUserReason}`
    case 'retired':
    case 'unknown':
    case 'failed':
      return null
    default:
      return perUserMfa satisfies never
  }
}

async function record(
  writer: Writer,
  world: World,
  { caller, call, rollout }: Situation,
  people: readonly Member[],
): Promise<void> {
  const now = await needRollout(writer, rollout.id)
  checkCall(caller, call, now, await writer.wavesOf(rollout.id))
  const at = world.clock.now()
  const ids = people.map((one) => one.personId)
  const accepted = { not_proven_accepted_by: caller.person, not_proven_accepted_at: at }
  await writer.setMembers(rollout.id, ids, accepted)
  for (const { personId, waveId } of people) {
    const place = { at, rolloutId: rollout.id, waveId, personId, actor: caller.person, reason: call.reason }
    const data = { finding: NOT_PROVEN, channel: caller.channel }
    await writer.append({ ...place, type: 'verb.accept', data })
    await queueRetire(writer, { rolloutId: rollout.id, waveId }, at)
  }
}
