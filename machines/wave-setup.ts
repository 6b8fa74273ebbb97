import { assign, setup } from 'xstate'
import { canResume } from './holds.ts'
import type { Effect, WaveContext, WaveEvent, WaveSettings, Work } from './language.ts'
import { isFree, settleSoak } from './soak.ts'
import * as step from './wave-steps.ts'
import { asksForMore } from './with-preparation.ts'
import { isAnswered, isCurrent, isCurrentWake, isWanted, openAttempt, wakeAt } from './work.ts'

/** What a wave may do and is asked, by name; the chart is in `wave.ts`. */
export const wave = setup({
  types: { context: {} as WaveContext, events: {} as WaveEvent, input: {} as { settings: WaveSettings } },
  actions: {
    effect: (_, _effect: Effect) => {},
    settleSoak: assign(({ context, event }) => settleSoak(context, event.at)),
    openAttempt: assign(({ context }) => openAttempt(context)),
    pause: assign(({ context, event }) => step.pause(context, event)),
    wake: assign(({ context }) => wakeAt(null)(context)),
    workFailed: assign(({ context, event }) => step.workFailed(context, event)),
    tryLater: assign(({ context, event }) => step.tryLater(context, event.at)),
    resume: assign(({ context, event }) => step.resume(context, event.at)),
    liftFailures: assign(({ context }) => step.liftFailures(context)),
    advanceOver: assign(({ context, event }) => step.advanceOver(context, event)),
    takeVerdicts: assign(({ context, event }) => step.takeVerdicts(context, event)),
    accept: assign(({ context, event }) => step.accept(context, event)),
    changeSoak: assign(({ context, event }) => step.changeSoak(context, event)),
    revise: assign(({ context, event }) => step.revise(context, event)),
    reviseUntouched: assign(({ context, event }) => step.reviseUntouched(context, event)),
    beginRollback: assign(({ context, event }) => step.beginRollback(context, event)),
  },
  guards: {
    isFree: ({ context }) => isFree(context),
    isFreeAndAnswered: ({ context }) => isFree(context) && isAnswered(context),
    isTurnAndPrepared: ({ context }) => isFree(context) && isAnswered(context) && !context.ahead,
    isTurn: ({ event }) => event.type === 'BEGIN' && !event.ahead,
    isTurnOfAhead: ({ context, event }) => event.type === 'BEGIN' && !event.ahead && context.ahead === true,
    isAhead: ({ context }) => context.ahead === true,
    isPreparedAnew: ({ context, event }) =>
      event.type === 'REVISED' && context.members > 0 && (context.ahead === true || event.prepares === true),
    asksForMore: ({ context, event }) => asksForMore(context, event),
    isApproved: ({ context }) =>
      isFree(context) && (!context.settings.approval || context.approvedBy !== null),
    everyoneIsIn: ({ context }) =>
      isFree(context) && isAnswered(context) && context.left + context.unknown === 0,
    hasSoaked: ({ context }) => isFree(context) && context.soakEndedAt !== null,
    mayChange: ({ context }) => isWanted(context) && step.onlyHeldBy(context, ['stuck']),
    mayJudge: ({ context }) => isWanted(context) && step.onlyHeldBy(context, ['stuck', 'gateUnknown']),
    mayRestore: ({ context }) => isWanted(context),
    isAnswer: ({ context, event }) => 'attempt' in event && isCurrent(context, event.attempt),
    isAnswerOf: ({ context, event }, { work }: { work: Work }) =>
      'attempt' in event && isCurrent(context, event.attempt) && context.asked?.work === work,
    isPreparing: ({ context }) => context.asked?.work === 'prepare',
    isWake: ({ context, event }) => event.type === 'WOKE' && isCurrentWake(context, event.token),
    canResume: ({ context }) => canResume(context.holds),
    namesAHold: ({ context, event }) => event.type === 'ADVANCE' && step.namesAHold(context, event.gates),
    isCleanlyRestored: ({ context, event }) =>
      event.type === 'RESTORED' &&
      isCurrent(context, event.attempt) &&
      event.failed + event.unknown + (event.leftIn ?? 0) === 0,
    isOnlyLeftIn: ({ context, event }) =>
      event.type === 'RESTORED' && isCurrent(context, event.attempt) && event.failed + event.unknown === 0,
    isAnswered: ({ context }) => isAnswered(context),
    isFromAboveAndAnswered: ({ context, event }) =>
      event.type === 'ROLLBACK' && event.above && isAnswered(context),
    isPassingFailure: ({ context, event }) =>
      event.type === 'WORK_FAILED' && isCurrent(context, event.attempt) && event.passing,
    hasCohort: ({ context }) => context.members > 0,
    isEmpty: ({ context }) => context.holds.some((hold) => hold.kind === 'empty'),
    isSpent: ({ context, event }) => step.isSpent(context, event),
    isFromAbove: ({ event }) => event.type === 'ROLLBACK' && event.above,
    isInsideWindow: ({ context, event }) => event.type === 'ROLLBACK' && step.isInsideWindow(context, event),
  },
})
