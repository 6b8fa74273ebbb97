import { expect, test } from 'vitest'
import type { RolloutEvent, WaveEvent } from '../../machines/language.ts'
import {
  RolloutEvent as AnyRolloutEvent,
  WaveEvent as AnyWaveEvent,
  ROLLOUT_STATES,
  WAVE_STATES,
} from '../../machines/language.ts'
import { policyOnly, rolloutIn, waveIn } from './every-state.ts'
import { line, standing, unmoved } from './print.ts'
import { DAY, fail, type RolloutWalk, START, spent, unknown, type WaveWalk } from './walk.ts'

type Variant<E extends { type: string }> = [label: string, type: E['type'], rest: object]

const waveTypes = AnyWaveEvent.options.map((option) => option.shape.type.value)
const rolloutTypes = AnyRolloutEvent.options.map((option) => option.shape.type.value)

const WAVE_VARIANTS: Variant<WaveEvent>[] = [
  ['COHORT_FROZEN, nobody', 'COHORT_FROZEN', { members: 0 }],
  ['COHORT_FROZEN, old attempt', 'COHORT_FROZEN', { attempt: 0 }],
  ['BEGIN, ahead', 'BEGIN', { ahead: true }],
  ['PREPARED, 40 left', 'PREPARED', { left: 40 }],
  ['PREPARED, 40 left, later', 'PREPARED', { left: 40, nextAt: START + 9 * DAY }],
  ['PREPARED, 2 unknown', 'PREPARED', { unknown: 2 }],
  ['PREPARED, not before', 'PREPARED', { notBefore: START + 9 * DAY }],
  ['PREPARED, old attempt', 'PREPARED', { attempt: 0 }],
  ['REVISED, prepares', 'REVISED', { prepares: true }],
  ['READINESS_JUDGED, fail', 'READINESS_JUDGED', { gates: [fail('readiness')] }],
  ['READINESS_JUDGED, unknown', 'READINESS_JUDGED', { gates: [unknown('readiness')] }],
  ['READINESS_JUDGED, all deferred', 'READINESS_JUDGED', { toEnforce: 0 }],
  ['READINESS_JUDGED, old attempt', 'READINESS_JUDGED', { attempt: 0 }],
  ['BATCH_ENFORCED, 40 left', 'BATCH_ENFORCED', { left: 40 }],
  [
    'BATCH_ENFORCED, 2 wait for their moment',
    'BATCH_ENFORCED',
    { left: 2, paceLeft: 9, notBefore: START + 9 * DAY },
  ],
  ['BATCH_ENFORCED, 2 unknown', 'BATCH_ENFORCED', { unknown: 2 }],
  ['BATCH_ENFORCED, budget spent', 'BATCH_ENFORCED', { left: 40, gates: [spent('lockedOut')] }],
  ['BATCH_ENFORCED, old attempt', 'BATCH_ENFORCED', { attempt: 0 }],
  ['EVIDENCE_READ, fail', 'EVIDENCE_READ', { gates: [fail('lockedOut')] }],
  ['EVIDENCE_READ, unknown', 'EVIDENCE_READ', { gates: [unknown('lockedOut')] }],
  ['EVIDENCE_READ, budget spent', 'EVIDENCE_READ', { gates: [spent('lockedOut')] }],
  ['JUDGED, fail', 'JUDGED', { gates: [fail('seen')] }],
  ['JUDGED, unknown', 'JUDGED', { gates: [unknown('seen')] }],
  ['JUDGED, old attempt', 'JUDGED', { attempt: 0 }],
  ['RESTORED, 2 failed', 'RESTORED', { failed: 2 }],
  ['RESTORED, 1 left in', 'RESTORED', { leftIn: 1 }],
  ['RESTORED, 1 unknown', 'RESTORED', { unknown: 1 }],
  ['RESTORED, old attempt', 'RESTORED', { attempt: 0 }],
  ['WORK_FAILED, passing', 'WORK_FAILED', { passing: true }],
  ['WORK_FAILED, old attempt', 'WORK_FAILED', { attempt: 0 }],
  ['WOKE, old token', 'WOKE', { token: 0 }],
  ['ADVANCE readiness, seen', 'ADVANCE', { gates: ['readiness', 'seen'] }],
  ['ROLLBACK, above', 'ROLLBACK', { above: true }],
  ['ROLLBACK, with preparation', 'ROLLBACK', { withPreparation: true }],
]

const HELD: [string, () => WaveWalk][] = [
  ['preparing, people are prepared', () => preparing()],
  ['preparing, 2 unknown', () => preparing().hears('PREPARED', { unknown: 2 })],
  ['preparing, ahead', () => preparing(true)],
  ['preparing, ahead, held', () => preparing(true).hears('HELD_ABOVE')],
  ['preparing, ahead, prepared', () => preparing(true).hears('PREPARED')],
  ['preparing, ahead, nobody in it', () => ahead().hears('COHORT_FROZEN', { members: 0 })],
  ['awaitingWindow, not before', () => notBefore()],
  ['checkingReadiness', () => heard('checkingReadiness', 'READINESS_JUDGED', [unknown('readiness')])],
  ['checkingReadiness', () => heard('checkingReadiness', 'READINESS_JUDGED', [fail('readiness')])],
  ['awaitingWindow', () => heard('awaitingWindow', 'READINESS_JUDGED', [fail('readiness')])],
  ['awaitingApproval', () => waveIn('awaitingApproval').atWake().hears('WOKE')],
  [
    'awaitingApproval, one of two',
    () => waveIn('awaitingApproval', { quorum: 2 }).hears('APPROVE', { by: 'Ane Bak' }),
  ],
  ['enforcing, next batch later', () => waveIn('enforcing').hears('BATCH_ENFORCED', { left: 40 })],
  ['enforcing', () => waveIn('enforcing').hears('BATCH_ENFORCED', { unknown: 2 })],
  ['enforcing', () => waveIn('enforcing').hears('WORK_FAILED')],
  ['soaking', () => waveIn('soaking').after(DAY).hears('PAUSE')],
  ['soaking', () => waveIn('soaking').after(DAY).hears('HELD_ABOVE')],
  ['soaking', () => heard('soaking', 'EVIDENCE_READ', [spent('lockedOut')])],
  [
    'judging, log settling',
    () =>
      waveIn('soaking')
        .hears('ADVANCE')
        .after(DAY / 4),
  ],
  ['judging', () => heard('judging', 'JUDGED', [unknown('seen')])],
  ['judging', () => heard('judging', 'JUDGED', [fail('seen')])],
  ['rollingBack, one left in', () => waveIn('rollingBack').hears('RESTORED', { leftIn: 1 })],
  ['completed, long ago', () => waveIn('completed').after(31 * DAY)],
]

function ahead(): WaveWalk {
  return waveIn('pending', { prepares: true }).hears('BEGIN', { ahead: true })
}

function preparing(isAhead = false): WaveWalk {
  const begun = isAhead ? ahead() : waveIn('preparing', { prepares: true })
  return begun.hears('COHORT_FROZEN')
}

function notBefore(): WaveWalk {
  return preparing()
    .hears('PREPARED', { notBefore: START + 9 * DAY })
    .hears('READINESS_JUDGED')
    .hears('APPROVE')
}

function heard(
  state: Parameters<typeof waveIn>[0],
  type: 'READINESS_JUDGED' | 'EVIDENCE_READ' | 'JUDGED',
  gates: ReturnType<typeof fail>[],
) {
  return waveIn(state).hears(type, { gates })
}

const ROLLOUT_VARIANTS: Variant<RolloutEvent>[] = [
  ['REVISED, both', 'REVISED', { ahead: { approval: true, paceMs: DAY } }],
  ['REVISED, ahead alone', 'REVISED', { current: null, ahead: { approval: true, paceMs: DAY } }],
  ['ROLLBACK, with preparation', 'ROLLBACK', { withPreparation: true }],
  ['WAVE_COMPLETED, leftovers', 'WAVE_COMPLETED', { leftovers: 3 }],
  ['WAVE_COMPLETED, another wave', 'WAVE_COMPLETED', { wave: 7 }],
  ['WAVE_RESTORED, unclean', 'WAVE_RESTORED', { clean: false }],
  ['GRADUATED, old attempt', 'GRADUATED', { attempt: 0 }],
  ['LEFTOVERS_COUNTED, nobody ready', 'LEFTOVERS_COUNTED', { ready: 0 }],
  ['LEFTOVERS_COUNTED, nobody left', 'LEFTOVERS_COUNTED', { leftovers: 0, open: 0, ready: 0, waves: 1 }],
  ['LEFTOVERS_COUNTED, old attempt', 'LEFTOVERS_COUNTED', { attempt: 0 }],
  ['SWITCHED_BACK, old attempt', 'SWITCHED_BACK', { attempt: 0 }],
  ['WORK_FAILED, passing', 'WORK_FAILED', { passing: true }],
  ['WORK_FAILED, old attempt', 'WORK_FAILED', { attempt: 0 }],
  ['WOKE, old token', 'WOKE', { token: 0 }],
]

const ROLLOUT_MORE: [string, () => RolloutWalk][] = [
  ['running', () => rolloutIn('running').hears('PAUSE')],
  ['running', () => rolloutIn('running').hears('WAVE_RESTORED')],
  ['running', () => rolloutIn('running').hears('WAVE_REJECTED')],
  ['running, the next wave ahead', () => aheadOf()],
  ['running, the next wave ahead, held', () => aheadOf().hears('PAUSE')],
  ['rolledBack, prepared', () => rolloutIn('rolledBack', { prepares: true })],
  ['running, last wave', () => rolloutIn('running', { waves: 1 })],
  ['running, counting leftovers', () => catchingUp()],
  ['running, leftovers wait', () => catchingUp().hears('LEFTOVERS_COUNTED', { ready: 0 })],
  [
    'rollingBack, a wave waits for a second person',
    () => rolloutIn('running').hears('ROLLBACK').hears('WAVE_LEFT_IN', { wave: 0 }),
  ],
  ['rollingBack, the policy', () => policyOnly()],
  ['rollingBack, the policy, later', () => policyOnly().hears('WORK_FAILED', { passing: true })],
  ['completed, long ago', () => rolloutIn('completed').after(31 * DAY)],
  ['graduating', () => rolloutIn('graduating').hears('FREEZE')],
  ['graduating', () => rolloutIn('graduating').hears('WORK_FAILED')],
  ['graduating, later', () => rolloutIn('graduating').hears('WORK_FAILED', { passing: true })],
  ['rollingBack, from graduated', () => rolloutIn('graduated').hears('ROLLBACK')],
  ['graduated, long ago', () => rolloutIn('graduated').after(31 * DAY)],
]

function aheadOf(): RolloutWalk {
  return rolloutIn('running', { prepares: true }).hears('WAVE_SOAKING')
}

function catchingUp(): RolloutWalk {
  return rolloutIn('running', { waves: 1, catchUpMs: 7 * DAY }).hears('WAVE_COMPLETED')
}

function section<W extends WaveWalk | RolloutWalk>(
  name: string,
  here: W,
  variants: [string, string, object][],
): string {
  const { holds } = here.context
  const title = holds.length > 0 ? `${name} ${standing(here).slice(here.state.length + 1)}` : name
  const steps = variants.map(([label, type, rest]) => {
    const there = (here.fork() as WaveWalk).hears(type as WaveEvent['type'], rest)
    return { label, type, there }
  })
  const known = new Set(steps.filter((step) => step.there.moved).map((step) => step.type))
  const lines = steps.filter((step) => step.there.moved).map((step) => line(step.label, step.there))
  const ignored = steps.filter(
    (step) => !step.there.moved && (known.has(step.type) || step.label === step.type),
  )
  return [title, ...lines, unmoved(ignored.map((step) => step.label))].join('\n')
}

test('every state of a wave answers every event as the table says', async () => {
  const variants: Variant<WaveEvent>[] = waveTypes
    .map((type): Variant<WaveEvent> => [type, type, {}])
    .concat(WAVE_VARIANTS)
    .sort(([a], [b]) => waveTypes.indexOf(typeOf(a)) - waveTypes.indexOf(typeOf(b)))
  const plain = WAVE_STATES.map((state) => section(state, waveIn(state), variants))
  const held = HELD.map(([name, walk]) => section(name, walk(), variants))
  await expect(`${[...plain, ...held].join('\n\n')}\n`).toMatchFileSnapshot('wave.table.txt')
})

test('every state of a rollout answers every event as the table says', async () => {
  const variants: Variant<RolloutEvent>[] = rolloutTypes
    .map((type): Variant<RolloutEvent> => [type, type, {}])
    .concat(ROLLOUT_VARIANTS)
    .sort(([a], [b]) => rolloutTypes.indexOf(typeOf(a)) - rolloutTypes.indexOf(typeOf(b)))
  const plain = ROLLOUT_STATES.map((state) => section(state, rolloutIn(state), variants))
  const more = ROLLOUT_MORE.map(([name, walk]) => section(name, walk(), variants))
  await expect(`${[...plain, ...more].join('\n\n')}\n`).toMatchFileSnapshot('rollout.table.txt')
})

function typeOf<T>(label: string): T {
  return label.split(/[ ,]/)[0] as T
}

test.each(WAVE_STATES)('an event that a wave in %s does not know leaves it as it was', (state) => {
  const here = waveIn(state)
  for (const type of waveTypes) {
    const there = here.fork().hears(type)
    if (there.moved) continue
    expect(there.saved).toEqual(here.saved)
    expect(there.effects).toEqual([])
  }
})

test.each(ROLLOUT_STATES)('an event that a rollout in %s does not know leaves it as it was', (state) => {
  const here = rolloutIn(state)
  for (const type of rolloutTypes) {
    const there = here.fork().hears(type)
    if (there.moved) continue
    expect(there.saved).toEqual(here.saved)
    expect(there.effects).toEqual([])
  }
})
