import { assign } from 'xstate'
import * as approval from './approval.ts'
import { earliestDecision, endSoak } from './soak.ts'
import {
  sendWork,
  syncWake,
  tellCompleted,
  tellLeftIn,
  tellRejected,
  tellRestored,
  tellRollingBack,
  tellSkipped,
  tellSoaking,
} from './wave-effects.ts'
import { wave } from './wave-setup.ts'
import * as step from './wave-steps.ts'
import { standing, wakeAt, want } from './work.ts'

export const WAVE_MACHINE = { id: 'wave', version: 1 } as const

const ask = { actions: ['openAttempt', sendWork] } as const
const rollback = { target: '#wave.rollingBack', actions: 'beginRollback' } as const

/** A new revision of the plan before anybody was changed: judged and approved once more, over the cohort that stands. */
const revised = [
  {
    guard: 'isPreparedAnew',
    target: '#wave.live.preparing',
    reenter: true,
    actions: ['reviseUntouched', syncWake],
  },
  {
    guard: 'hasCohort',
    target: '#wave.live.checkingReadiness',
    reenter: true,
    actions: ['reviseUntouched', syncWake],
  },
  { target: '#wave.live.preparing', reenter: true, actions: ['reviseUntouched', syncWake] },
] as const

export const waveMachine = wave.createMachine({
  id: WAVE_MACHINE.id,
  options: { maxIterations: 100 },
  context: ({ input }) => step.freshContext(input?.settings),
  initial: 'pending',
  states: {
    pending: {
      on: {
        BEGIN: {
          target: 'live',
          actions: assign(({ event }) => (event.ahead ? { ahead: true } : {})),
        },
        SKIP: 'skipped',
        EXTEND: { actions: 'changeSoak' },
        SHORTEN: { actions: 'changeSoak' },
        ABORT: 'aborted',
        ROLLBACK: rollback,
      },
    },
    live: {
      initial: 'preparing',
      on: {
        BEGIN: { guard: 'isTurnOfAhead', actions: assign({ ahead: false }) },
        PAUSE: { actions: ['pause', 'settleSoak', syncWake] },
        RESUME: { guard: 'canResume', actions: ['resume', 'settleSoak', syncWake] },
        HELD_ABOVE: { actions: [assign({ heldAbove: true }), 'settleSoak', syncWake] },
        RELEASED_ABOVE: {
          actions: [
            assign(({ context, event }) => step.releaseAbove(context, event.at)),
            'settleSoak',
            syncWake,
          ],
        },
        EVIDENCE_READ: { actions: ['takeVerdicts', 'settleSoak', syncWake] },
        ACCEPT: { guard: 'isSpent', actions: ['accept', 'settleSoak', syncWake] },
        EXTEND: { actions: ['changeSoak', syncWake] },
        SHORTEN: { actions: ['changeSoak', syncWake] },
        SKIP: { guard: 'isEmpty', target: 'skipped' },
        WOKE: { guard: 'isWake', actions: 'wake' },
        WORK_FAILED: { guard: 'isAnswer', actions: ['workFailed', syncWake] },
        REVISED: { actions: ['revise', 'settleSoak', syncWake] },
        ABORT: 'aborted',
        ROLLBACK: rollback,
      },
      states: {
        preparing: {
          entry: assign(({ context }) => step.prepare(context)),
          on: {
            REVISED: revised,
            SKIP: [
              { guard: 'isEmpty', target: '#wave.skipped' },
              { guard: 'isAhead', target: '#wave.skipped' },
            ],
            RETRY: {
              guard: 'isPreparing',
              actions: [assign(({ context, event }) => step.retry(context, event.at)), syncWake],
            },
            PREPARED: {
              guard: { type: 'isAnswerOf', params: { work: 'prepare' } },
              actions: [assign(({ context, event }) => step.takePrepared(context, event)), syncWake],
            },
            COHORT_FROZEN: {
              guard: { type: 'isAnswerOf', params: { work: 'freezeCohort' } },
              actions: assign(({ context, event }) => step.freezeCohort(context, event)),
            },
          },
          // A wave that was begun ahead waits here, prepared, until its turn.
          always: [
            { guard: 'isTurnAndPrepared', target: 'checkingReadiness' },
            { guard: 'mayChange', ...ask },
          ],
        },
        checkingReadiness: {
          entry: assign(({ context }) => want('judgeReadiness')(context)),
          on: {
            REVISED: revised,
            READINESS_JUDGED: { guard: 'isAnswer', actions: ['takeVerdicts', syncWake] },
            ADVANCE: { guard: 'namesAHold', actions: ['advanceOver', syncWake] },
          },
          always: [
            { guard: 'isFreeAndAnswered', target: 'awaitingApproval' },
            { guard: 'mayJudge', ...ask },
          ],
        },
        awaitingApproval: {
          entry: [assign(({ context, event }) => approval.askApproval(context, event.at)), syncWake],
          exit: [assign(({ context }) => approval.leaveApproval(context)), syncWake],
          on: {
            REVISED: revised,
            APPROVE: { actions: assign(({ context, event }) => approval.approve(context, event)) },
            WOKE: {
              guard: 'isWake',
              actions: [assign(({ context, event }) => approval.expireApproval(context, event.at)), syncWake],
            },
            REJECT: { target: '#wave.rejected' },
          },
          always: { guard: 'isApproved', target: 'awaitingWindow' },
        },
        // Readiness is judged again when the window opens.
        awaitingWindow: {
          entry: [
            assign(({ context, event }) =>
              want('judgeReadiness', step.windowOpensAt(context, event.at))(context),
            ),
            syncWake,
          ],
          on: {
            READINESS_JUDGED: { guard: 'isAnswer', actions: ['takeVerdicts', syncWake] },
            REVISED: revised,
            // What was approved was a cohort that is ready; advancing over readiness asks the approver again.
            ADVANCE: {
              guard: 'namesAHold',
              target: 'awaitingApproval',
              actions: ['advanceOver', assign({ approvedBy: null }), syncWake],
            },
          },
          always: [
            { guard: 'isFreeAndAnswered', target: 'enforcing' },
            { guard: 'mayJudge', ...ask },
          ],
        },
        enforcing: {
          entry: [
            assign(({ context, event }) => ({
              ...want('enforce', step.nextBatchAt(context, event.at))(context),
              left: context.toEnforce,
            })),
            syncWake,
          ],
          on: {
            BATCH_ENFORCED: {
              guard: 'isAnswer',
              actions: [assign(({ context, event }) => step.countBatch(context, event)), syncWake],
            },
            RETRY: { actions: [assign(({ context, event }) => step.retry(context, event.at)), syncWake] },
            ASK_AGAIN: {
              actions: [assign(({ context, event }) => step.askAgain(context, event.at)), syncWake],
            },
            ADVANCE: { guard: 'namesAHold', actions: ['advanceOver', syncWake] },
          },
          always: [
            { guard: 'everyoneIsIn', target: 'soaking' },
            {
              guard: 'mayChange',
              actions: [
                'openAttempt',
                assign(({ context, event }) => step.beginBatch(context, event.at)),
                sendWork,
              ],
            },
          ],
        },
        soaking: {
          entry: [
            assign({ asked: null, inSoak: true, soakedMs: 0, soakingSince: null, soakEndedAt: null }),
            'settleSoak',
            syncWake,
            tellSoaking,
          ],
          exit: assign({ inSoak: false, soakingSince: null }),
          on: {
            WOKE: {
              guard: 'isWake',
              actions: [assign(({ context, event }) => endSoak(context, event.at)), syncWake],
            },
            ADVANCE: { actions: ['advanceOver', assign({ soakEndedAt: ({ event }) => event.at })] },
            RETRY: { target: 'enforcing', actions: 'liftFailures' },
            ASK_AGAIN: { target: 'enforcing' },
          },
          always: { guard: 'hasSoaked', target: 'judging' },
        },
        judging: {
          entry: [
            assign(({ context, event }) => want('judge', earliestDecision(context, event.at))(context)),
            syncWake,
          ],
          on: {
            JUDGED: {
              guard: 'isAnswer',
              actions: ['takeVerdicts', assign({ leftovers: ({ event }) => event.leftovers }), syncWake],
            },
            ADVANCE: { guard: 'namesAHold', actions: ['advanceOver', syncWake] },
            RETRY: { target: 'enforcing', actions: 'liftFailures' },
            ASK_AGAIN: { target: 'enforcing' },
          },
          always: [
            { guard: 'isFreeAndAnswered', target: '#wave.completed' },
            { guard: 'mayJudge', ...ask },
          ],
        },
      },
    },
    completed: {
      entry: [assign({ asked: null, completedAt: ({ event }) => event.at }), tellCompleted],
      on: {
        ROLLBACK: { guard: 'isInsideWindow', ...rollback },
        // Held as the rollout is until that says otherwise: it stands still because of what was found.
        ASK_AGAIN: { target: '#wave.live.enforcing', actions: assign({ heldAbove: true }) },
      },
    },
    rejected: {
      entry: [assign({ asked: null }), tellRejected],
      on: { REVISED: revised, SKIP: 'skipped', ABORT: 'aborted', ROLLBACK: rollback },
    },
    // Its people stay untouched; the rollout hears of it when the wave's turn has come.
    skipped: {
      entry: [
        assign(({ context }) => ({ asked: null, holds: [], heldAbove: false, ...wakeAt(null)(context) })),
        syncWake,
        tellSkipped,
      ],
      on: { BEGIN: { guard: 'isTurn', actions: tellSkipped }, ROLLBACK: rollback },
    },
    aborted: {
      entry: [assign(({ context }) => ({ asked: null, holds: [], ...wakeAt(null)(context) })), syncWake],
      on: { ROLLBACK: rollback },
    },
    // A restore is never barred: no hold is looked at here.
    rollingBack: {
      entry: [assign(({ context }) => want('restore')(context)), syncWake, tellRollingBack],
      on: {
        RESTORED: [
          { guard: 'isCleanlyRestored', target: 'rolledBack' },
          // Not rolled back while somebody of it is in: it stays so until a second person has confirmed.
          {
            guard: 'isOnlyLeftIn',
            actions: [assign(({ context }) => standing(context, 'answered')), tellLeftIn],
          },
          { guard: 'isAnswer', target: 'rollbackFailed' },
        ],
        CONFIRMED: { guard: 'isAnswered', actions: assign(({ context }) => want('restore')(context)) },
        ROLLBACK: {
          guard: 'isFromAboveAndAnswered',
          actions: assign(({ context }) => want('restore')(context)),
        },
        WOKE: { guard: 'isWake', actions: 'wake' },
        WORK_FAILED: [
          { guard: 'isPassingFailure', actions: ['tryLater', syncWake] },
          { guard: 'isAnswer', target: 'rollbackFailed' },
        ],
      },
      always: { guard: 'mayRestore', ...ask },
    },
    // Taken back before its turn came, a wave says so again at its turn: a person decides what comes next.
    rolledBack: {
      entry: [assign({ asked: null }), tellRestored(true)],
      on: {
        BEGIN: { guard: 'isTurn', actions: tellRestored(true) },
        // The rollout's own rollback waits for this answer; to a person it is already true.
        ROLLBACK: [
          { guard: 'asksForMore', ...rollback },
          { guard: 'isFromAbove', actions: tellRestored(true) },
        ],
      },
    },
    rollbackFailed: {
      entry: [assign({ asked: null }), tellRestored(false)],
      on: {
        BEGIN: { guard: 'isTurn', actions: tellRestored(false) },
        ROLLBACK: rollback,
        RETRY: 'rollingBack',
      },
    },
  },
})
