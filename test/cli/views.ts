import type { HoldView, RolloutView, WaveView } from '../../src/service.ts'

const NOTHING = {
  members: 0,
  moved: 0,
  tried: 0,
  deferred: 0,
  away: 0,
  pending: 0,
  inPlace: 0,
  already: 0,
  failed: 0,
  unknown: 0,
  gone: 0,
  skipped: 0,
  proven: 0,
  everLockedOut: 0,
  lockedOutNow: 0,
  restored: 0,
  leftIn: 0,
  perUserRetired: 0,
  perUserFailed: 0,
  perUserKept: 0,
}
const DAY = 86_400_000
const ASKED: WaveView['approval'] = { required: true, by: null, quorum: 1, given: [], until: null }

type WaveParts = Partial<Omit<WaveView, 'counts'>> & { counts?: Partial<WaveView['counts']> }

export function wave(name: string, parts: WaveParts = {}): WaveView {
  const { counts, ...rest } = parts
  return {
    id: `ro_1.${name}`,
    name,
    position: 0,
    state: 'pending',
    holds: [],
    soak: { forMs: DAY, elapsedMs: 0, endsAt: null },
    nextLookAt: null,
    approval: ASKED,
    overridden: [],
    leftIn: [],
    ahead: false,
    notBefore: null,
    prepared: [],
    notices: null,
    possible: [],
    ...rest,
    counts: { ...NOTHING, ...counts },
  }
}

export function rollout(parts: Partial<RolloutView> = {}): RolloutView {
  return {
    id: 'ro_1f2e3d4c5b6a',
    name: 'mfa-2027',
    change: 'CHG0012345',
    state: 'running',
    phase: 'Progressing',
    planHash: '29909e4a16bb4c315a7d6aba2ebdb12649fe08e1509b0162b95a99f11ab91236',
    createdAt: '2026-03-02T07:00:00.000Z',
    createdBy: 'anna@contoso.com',
    startedBy: 'anna@contoso.com',
    target: { group: 'MFA required', policy: 'Require MFA (wavegate)', groupId: null, policyId: null },
    revisions: [],
    holds: [],
    findings: [],
    waves: [],
    adopted: 0,
    drift: [],
    leftOut: [],
    phoneOnly: [],
    leftovers: 0,
    nextLookAt: null,
    possible: ['pause', 'abort', 'rollback'],
    etag: '"1"',
    now: '2026-03-04T14:20:31.000Z',
    ...parts,
  }
}

export function hold(parts: Partial<HoldView> = {}): HoldView {
  return {
    kind: 'user',
    since: '2026-03-04T13:00:00.000Z',
    by: 'olga@contoso.com',
    reason: 'lunch',
    liftedBy: 'resume',
    ageMs: 4_831_000,
    expiresAt: '2026-03-11T13:00:00.000Z',
    onExpire: 'escalate',
    ...parts,
  }
}

const done = wave('test-user', {
  state: 'completed',
  counts: { members: 1, inPlace: 1, proven: 1 },
  approval: { ...ASKED, by: 'kim@contoso.com', given: ['kim@contoso.com'] },
})

/** One rollout at the moments people look at it. */
export const MOMENTS: Record<string, RolloutView> = {
  draft: rollout({
    state: 'draft',
    phase: 'Healthy',
    startedBy: null,
    possible: ['start', 'abort'],
    waves: [wave('test-user'), wave('everyone')],
  }),
  underWay: rollout({
    waves: [
      done,
      wave('pilot', {
        state: 'soaking',
        counts: {
          members: 120,
          tried: 118,
          inPlace: 116,
          already: 3,
          proven: 60,
          deferred: 2,
          failed: 1,
          unknown: 1,
          everLockedOut: 2,
          lockedOutNow: 1,
        },
        soak: { forMs: DAY, elapsedMs: DAY / 4, endsAt: '2026-03-05T08:20:31.000Z' },
        approval: { ...ASKED, by: 'kim@contoso.com', given: ['kim@contoso.com'] },
        nextLookAt: '2026-03-04T14:35:00.000Z',
        possible: ['pause', 'advance', 'rollback'],
      }),
      wave('everyone'),
    ],
    leftOut: [
      { reason: 'administrator', people: 12 },
      { reason: 'guest', people: 3 },
    ],
    leftovers: 4,
  }),
  awaitingApproval: rollout({
    waves: [
      done,
      wave('pilot', {
        state: 'awaitingApproval',
        counts: { members: 20, pending: 18, deferred: 2 },
        possible: ['approve', 'reject', 'pause'],
      }),
    ],
  }),
  held: rollout({
    phase: 'Degraded',
    holds: [hold()],
    waves: [
      done,
      wave('pilot', {
        state: 'soaking',
        counts: { members: 20, tried: 20, inPlace: 20, proven: 9, everLockedOut: 3, lockedOutNow: 3 },
        soak: { forMs: DAY, elapsedMs: DAY / 3, endsAt: null },
        approval: { ...ASKED, by: 'kim@contoso.com', given: ['kim@contoso.com'] },
        holds: [
          hold({
            kind: 'budgetSpent',
            gate: 'lockedOut',
            by: 'wavegate',
            reason: '3 of 20 people are locked out by our change; 0 are allowed.',
            liftedBy: 'rollback of the wave',
          }),
        ],
        possible: ['rollback'],
      }),
      wave('everyone'),
    ],
  }),
  leftovers: rollout({
    state: 'completedWithLeftovers',
    phase: 'Healthy',
    waves: [
      done,
      wave('everyone', {
        state: 'completed',
        counts: { members: 40, inPlace: 35, deferred: 5, proven: 30 },
        overridden: ['readiness'],
      }),
    ],
    leftovers: 5,
    possible: ['rollback'],
  }),
  rolledBack: rollout({
    state: 'rolledBack',
    phase: 'Healthy',
    waves: [wave('test-user', { state: 'rolledBack', counts: { members: 1, restored: 1 } })],
    possible: [],
  }),
}
