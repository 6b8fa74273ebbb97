import { assign, setup } from 'xstate'
import * as catchUp from './catch-up.ts'
import { canResume } from './holds.ts'
import type { Effect, RolloutContext, RolloutEvent, WaveEvent } from './language.ts'
import * as step from './rollout-steps.ts'
import { asksForMore } from './with-preparation.ts'
import { isCurrent, isCurrentWake, isWanted, openAttempt, wakeAt, want } from './work.ts'

export const ROLLOUT_MACHINE = { id: 'rollout', version: 1 } as const

type Here = { context: RolloutContext; event: RolloutEvent }

function tell(wave: (context: RolloutContext) => number, event: (here: Here) => WaveEvent) {
  return {
    type: 'effect',
    params: (here: Here): Effect => ({ type: 'tellWave', wave: wave(here.context), event: event(here) }),
  } as const
}

const syncWake = {
  type: 'effect',
  params: ({ context }: Here): Effect => ({
    type: 'wake',
    token: context.wakeToken,
    at: context.wakeAt,
    why: context.asked?.work ?? '',
  }),
} as const

const sendWork = {
  type: 'effect',
  params: ({ context }: Here): Effect => ({
    type: 'work',
    work: context.asked?.work ?? 'switchBack',
    attempt: context.attempt,
  }),
} as const

const current = (context: RolloutContext) => context.current
const next = (context: RolloutContext) => context.current + 1

/** The wave under way, and the one that was begun ahead of its turn. */
function tellBoth(event: (here: Here) => WaveEvent) {
  return {
    type: 'effect',
    params: (here: Here): Effect => {
      const also = step.aheadOf(here.context)
      const wave = here.context.current
      return { type: 'tellWave', wave, ...(also === undefined ? {} : { also }), event: event(here) }
    },
  } as const
}

const begin = tell(current, ({ event }) => ({ type: 'BEGIN', at: event.at }))
const beginAhead = tell(next, ({ event }) => ({ type: 'BEGIN', at: event.at, ahead: true }))
/** Says to the waves under way whether the rollout holds; saying it twice changes nothing. */
const passHoldsOn = tellBoth(({ context, event }) => ({
  type: context.holds.length > 0 ? 'HELD_ABOVE' : 'RELEASED_ABOVE',
  at: event.at,
}))
const reviseCurrent = tell(current, ({ context, event }) => step.revisionOf(context, event, 'current'))
const reviseAhead = tell(
  (context) => step.aheadOf(context) ?? context.current,
  ({ context, event }) => step.revisionOf(context, event, 'ahead'),
)
const restoreNext = tell(
  (context) => context.restoring,
  ({ context, event }) => ({
    type: 'ROLLBACK',
    at: event.at,
    by: context.rollbackBy,
    reason: context.rollbackReason,
    above: true,
    ...(context.withPreparation ? { withPreparation: true } : {}),
  }),
)

const hasNoMore = (context: RolloutContext) =>
  context.current + 1 >= context.waves && !catchUp.isCatchingUp(context)

const rollout = setup({
  types: {
    context: {} as RolloutContext,
    events: {} as RolloutEvent,
    input: {} as step.RolloutInput,
  },
  actions: {
    effect: (_, _effect: Effect) => {},
    openAttempt: assign(({ context }) => openAttempt(context)),
    pause: assign(({ context, event }) => step.pause(context, event)),
    resume: assign(({ context }) => step.resume(context)),
    countLeftovers: assign(({ context, event }) => step.countLeftovers(context, event)),
    countLost: assign(({ context, event }) => step.countLost(context, event)),
    holdForWave: assign(({ context, event }) => step.holdForWave(context, event)),
    waveSkipped: assign(({ context, event }) => step.waveSkipped(context, event)),
    revise: assign(({ context, event }) => step.revise(context, event)),
    holdAll: assign(({ context, event }) => step.holdAll(context, event)),
    liftAll: assign(({ context, event }) => step.liftAll(context, event)),
    holdDrift: assign(({ context, event }) => step.holdDrift(context, event)),
    liftDrift: assign(({ context, event }) => step.liftDrift(context, event)),
    againEnded: assign(({ context, event }) => step.againEnded(context, event)),
    waveEnded: assign(({ context, event }) => step.waveEnded(context, event)),
    beginRollback: assign(({ context, event }) => step.beginRollback(context, event)),
    waveRestored: assign(({ context, event }) => step.waveRestored(context, event)),
    leaveIn: assign(({ context, event }) => step.leaveIn(context, event)),
    leftInRestored: assign(({ context, event }) => step.leftInRestored(context, event)),
    countFailed: assign(({ context, event }) => step.countFailed(context, event)),
    tryLater: assign(({ context, event }) => step.tryLater(context, event.at)),
    beginGraduation: assign(({ context }) => step.beginGraduation(context)),
    workFailed: assign(({ context, event }) => step.workFailed(context, event)),
    forgetWake: assign(({ context }) => wakeAt(null)(context)),
    // A wave taken back later does not open the rollback window anew.
    end: assign({ endedAt: ({ context, event }) => context.endedAt ?? event.at, asked: null }),
  },
  guards: {
    canResume: ({ context }) => canResume(context.holds),
    mayBegin: ({ context }) => step.isNext(context) && catchUp.isTurnOfNext(context),
    mayBeginAhead: ({ context }) =>
      step.mayBeginAhead(context) && step.aheadOf(context) === undefined && !catchUp.isCatchingUp(context),
    revisesAhead: ({ context, event }) => step.revisesAhead(context, event),
    revisesBoth: ({ context, event }) =>
      step.revisesAhead(context, event) && event.type === 'REVISED' && event.current !== null,
    asksForMore: ({ context, event }) => asksForMore(context, event),
    mayCount: ({ context }) => step.isNext(context) && catchUp.mayCount(context),
    hasEnded: ({ context }) => step.isNext(context) && hasNoMore(context),
    hasEndedClean: ({ context }) =>
      step.isNext(context) && hasNoMore(context) && step.leftoversOf(context) === 0,
    revisesCurrent: ({ event }) => event.type === 'REVISED' && event.current !== null,
    isDisarmed: ({ context }) => context.holds.some((hold) => hold.kind === 'disarmed'),
    isDrifted: ({ context }) => step.isDrifted(context),
    isAgain: ({ context, event }) =>
      event.type === 'WAVE_COMPLETED' && (context.again ?? []).includes(event.wave),
    soaksUnderWay: ({ context, event }) => event.type === 'WAVE_SOAKING' && event.wave === context.current,
    isUnderWay: ({ context, event }) => event.type === 'WAVE_COMPLETED' && event.wave === context.current,
    isAnswer: ({ context, event }) => 'attempt' in event && isCurrent(context, event.attempt),
    isPassingFailure: ({ context, event }) =>
      event.type === 'WORK_FAILED' && isCurrent(context, event.attempt) && event.passing,
    isWake: ({ context, event }) => event.type === 'WOKE' && isCurrentWake(context, event.token),
    isBeingRestored: ({ context, event }) =>
      (event.type === 'WAVE_RESTORED' || event.type === 'WAVE_LEFT_IN') && event.wave === context.restoring,
    isLeftIn: ({ context, event }) => step.isLeftIn(context, event),
    hasLeftIn: ({ context }) => (context.leftIn ?? []).length > 0,
    hasNobodyLeftIn: ({ context }) => (context.leftIn ?? []).length === 0,
    hasWavesToRestore: ({ context }) => context.restoring >= 0,
    leftUnclean: ({ context }) => context.restoring < 0 && context.unclean > 0,
    mayGraduate: ({ context }) => context.holds.length === 0 && isWanted(context),
    isGraduated: ({ context }) => context.graduated === true,
    isWanted: ({ context }) => isWanted(context),
    mayRestore: ({ context }) => context.restoring < 0 && isWanted(context),
    isInsideWindow: ({ context, event }) =>
      event.at <= (context.endedAt ?? event.at) + context.rollbackWindowMs,
  },
})

const rollback = { target: 'rollingBack', actions: 'beginRollback' } as const
/** The policy can be on, or off by our hand, long after the last wave. */
const switchable = {
  DISARM: { actions: 'holdAll' },
  REARM: { guard: 'isDisarmed', actions: 'liftAll' },
} as const
/** What is found of another hand holds too when all is done, as long as it can be taken back. */
const drifting = {
  DRIFTED: { actions: 'holdDrift' },
  DRIFT_GONE: { guard: 'isDrifted', actions: 'liftDrift' },
  ACCEPT: { guard: 'isDrifted', actions: 'liftDrift' },
  REVERT: { guard: 'isDrifted', actions: 'liftDrift' },
} as const
const ended = {
  entry: ['end'],
  on: {
    ROLLBACK: { guard: 'isInsideWindow', ...rollback },
    WAVE_RESTORED: { target: 'completedWithLeftovers', actions: 'countLeftovers' },
    LOST: { target: 'completedWithLeftovers', actions: 'countLost' },
    GRADUATE: 'graduating',
    ...switchable,
    ...drifting,
  },
} as const

export const rolloutMachine = rollout.createMachine({
  id: ROLLOUT_MACHINE.id,
  options: { maxIterations: 100 },
  context: ({ input }) => step.freshContext(input),
  initial: 'draft',
  states: {
    draft: {
      on: {
        WAVE_SKIPPED: { actions: 'countLeftovers' },
        START: { target: 'running', actions: assign({ waiting: true }) },
        REVISED: { actions: 'revise' },
        ABORT: 'aborted',
      },
    },
    running: {
      on: {
        WAVE_COMPLETED: [
          { guard: 'isUnderWay', actions: ['countLeftovers', 'againEnded', assign({ waiting: true })] },
          { guard: 'isAgain', actions: ['countLeftovers', 'againEnded'] },
        ],
        WAVE_REJECTED: { actions: ['waveEnded', 'againEnded'] },
        WAVE_SKIPPED: { actions: ['waveSkipped', 'againEnded', syncWake, passHoldsOn] },
        WAVE_SOAKING: { guard: 'soaksUnderWay', actions: assign({ soaks: ({ event }) => event.wave }) },
        REVISED: [
          { guard: 'revisesBoth', actions: ['revise', reviseCurrent, reviseAhead, passHoldsOn] },
          { guard: 'revisesAhead', actions: ['revise', reviseAhead, passHoldsOn] },
          { guard: 'revisesCurrent', actions: ['revise', reviseCurrent, passHoldsOn] },
          { actions: ['revise', passHoldsOn] },
        ],
        LOST: { actions: 'countLost' },
        DRIFTED: { actions: ['holdDrift', passHoldsOn] },
        DRIFT_GONE: { guard: 'isDrifted', actions: ['liftDrift', passHoldsOn] },
        ACCEPT: { guard: 'isDrifted', actions: ['liftDrift', passHoldsOn] },
        REVERT: { guard: 'isDrifted', actions: ['liftDrift', passHoldsOn] },
        FREEZE: { actions: ['holdAll', passHoldsOn] },
        THAW: { actions: ['liftAll', passHoldsOn] },
        DISARM: { actions: ['holdAll', passHoldsOn] },
        REARM: { guard: 'isDisarmed', actions: ['liftAll', passHoldsOn] },
        // From the moment it begins, not only when it is done: nothing moves on meanwhile.
        WAVE_ROLLING_BACK: { actions: ['holdForWave', passHoldsOn] },
        WAVE_RESTORED: { actions: ['countLeftovers', 'waveEnded', 'againEnded', passHoldsOn] },
        LEFTOVERS_COUNTED: {
          guard: 'isAnswer',
          actions: [assign(({ context, event }) => catchUp.takeCount(context, event)), syncWake],
        },
        WORK_FAILED: [
          { guard: 'isPassingFailure', actions: ['tryLater', syncWake] },
          { guard: 'isAnswer', actions: 'countFailed' },
        ],
        WOKE: { guard: 'isWake', actions: assign(({ context }) => wakeAt(null)(context)) },
        PAUSE: { actions: ['pause', passHoldsOn] },
        RESUME: { guard: 'canResume', actions: ['resume', passHoldsOn] },
        ABORT: { target: 'aborted', actions: tellBoth(({ event }) => step.abortOf(event)) },
        ROLLBACK: rollback,
      },
      always: [
        {
          guard: 'mayBegin',
          actions: [assign(({ context, event }) => catchUp.beginNext(context, event.at)), begin],
        },
        {
          guard: 'mayCount',
          actions: [assign(({ context }) => want('countLeftovers')(context)), 'openAttempt', sendWork],
        },
        { guard: 'hasEndedClean', target: 'completed' },
        { guard: 'hasEnded', target: 'completedWithLeftovers' },
        {
          guard: 'mayBeginAhead',
          actions: [assign(({ context }) => ({ ahead: context.current + 1 })), beginAhead],
        },
      ],
    },
    completed: ended,
    completedWithLeftovers: ended,
    // Everybody who may not be caught goes into the exceptions first; then the policy covers all users.
    graduating: {
      entry: ['beginGraduation', syncWake],
      exit: ['forgetWake', syncWake, assign(({ context }) => step.keepFound(context))],
      on: {
        GRADUATED: { guard: 'isAnswer', target: 'graduated' },
        WORK_FAILED: [
          { guard: 'isPassingFailure', actions: ['tryLater', syncWake] },
          { guard: 'isAnswer', actions: 'workFailed' },
        ],
        WOKE: { guard: 'isWake', actions: 'forgetWake' },
        FREEZE: { actions: 'holdAll' },
        THAW: { actions: 'liftAll' },
        PAUSE: { actions: 'pause' },
        RESUME: { guard: 'canResume', actions: 'resume' },
        ...switchable,
        ...drifting,
        ROLLBACK: rollback,
        // A wave that is taken back takes the policy back to the group first: it covers everybody no more.
        WAVE_ROLLING_BACK: 'completedWithLeftovers',
      },
      always: { guard: 'mayGraduate', actions: ['openAttempt', sendWork] },
    },
    graduated: {
      entry: ['end'],
      on: {
        ROLLBACK: { guard: 'isInsideWindow', ...rollback },
        WAVE_ROLLING_BACK: 'completedWithLeftovers',
        ...switchable,
        ...drifting,
      },
    },
    aborted: {
      entry: [
        'end',
        assign(({ context }) => ({ ...step.keepDisarmed(context), ...wakeAt(null)(context) })),
        syncWake,
      ],
      on: { ROLLBACK: rollback, ...switchable },
    },
    // The policy to its group, then newest wave first; the policy goes back only after its last member has left.
    rollingBack: {
      entry: [assign(({ context }) => want('switchBack')(context)), syncWake],
      initial: 'policyFirst',
      on: { WAVE_RESTORED: { guard: 'isLeftIn', actions: 'leftInRestored' } },
      states: {
        policyFirst: { always: [{ guard: 'isGraduated', target: 'narrowing' }, { target: 'nextWave' }] },
        narrowing: {
          entry: [assign(({ context }) => want('narrow')(context))],
          on: {
            NARROWED: {
              guard: 'isAnswer',
              target: 'nextWave',
              actions: assign(({ context }) => ({ ...want('switchBack')(context), graduated: false })),
            },
            WORK_FAILED: [
              { guard: 'isPassingFailure', actions: ['tryLater', syncWake] },
              { guard: 'isAnswer', target: '#rollout.rollbackFailed' },
            ],
            WOKE: { guard: 'isWake', actions: 'forgetWake' },
          },
          always: { guard: 'isWanted', actions: ['openAttempt', sendWork] },
        },
        nextWave: {
          always: [
            { guard: 'hasWavesToRestore', target: 'restoringWave' },
            { guard: 'hasLeftIn', target: 'awaitingSecondPerson' },
            { guard: 'leftUnclean', target: '#rollout.rollbackFailed' },
            { target: 'restoringPolicy' },
          ],
        },
        restoringWave: {
          entry: restoreNext,
          on: {
            WAVE_RESTORED: { guard: 'isBeingRestored', target: 'nextWave', actions: 'waveRestored' },
            WAVE_LEFT_IN: { guard: 'isBeingRestored', target: 'nextWave', actions: 'leaveIn' },
          },
        },
        // The policy stays on while somebody whom it covers is left in.
        awaitingSecondPerson: { always: { guard: 'hasNobodyLeftIn', target: 'nextWave' } },
        restoringPolicy: {
          on: {
            SWITCHED_BACK: { guard: 'isAnswer', target: '#rollout.rolledBack' },
            WORK_FAILED: [
              { guard: 'isPassingFailure', actions: ['tryLater', syncWake] },
              { guard: 'isAnswer', target: '#rollout.rollbackFailed' },
            ],
            WOKE: { guard: 'isWake', actions: 'forgetWake' },
          },
          always: { guard: 'mayRestore', actions: ['openAttempt', sendWork] },
        },
      },
    },
    rolledBack: { entry: ['end'], on: { ROLLBACK: { guard: 'asksForMore', ...rollback } } },
    rollbackFailed: { entry: ['end'], on: { ROLLBACK: rollback, ...switchable } },
  },
})
