import type { Effect, WaveContext, WaveEvent } from './language.ts'

type Here = { context: WaveContext; event: WaveEvent }

function whyOf({ inSoak, asked, wakeAt, notBefore }: WaveContext): string {
  if (inSoak) return 'soak'
  if (wakeAt !== null && wakeAt === notBefore) return 'notBefore'
  return asked?.work ?? 'approval'
}

/** The wake the machine wants now; sent again after whatever may have changed it, since the same wake twice is one. */
export const syncWake = {
  type: 'effect',
  params: ({ context }: Here): Effect => ({
    type: 'wake',
    token: context.wakeToken,
    at: context.wakeAt,
    why: whyOf(context),
  }),
} as const

export const sendWork = {
  type: 'effect',
  params: ({ context }: Here): Effect => ({
    type: 'work',
    work: context.asked?.work ?? 'judge',
    attempt: context.attempt,
  }),
} as const

export function tellRestored(clean: boolean) {
  return {
    type: 'effect',
    params: ({ context, event }: Here): Effect => ({
      type: 'tellRollout',
      event: {
        type: 'WAVE_RESTORED',
        at: event.at,
        wave: context.settings.position,
        clean,
        leftovers: context.members,
        by: context.rollbackBy,
        reason: context.rollbackReason,
      },
    }),
  } as const
}

export const tellLeftIn = {
  type: 'effect',
  params: ({ context, event }: Here): Effect => ({
    type: 'tellRollout',
    event: { type: 'WAVE_LEFT_IN', at: event.at, wave: context.settings.position },
  }),
} as const

export const tellSkipped = {
  type: 'effect',
  params: ({ context, event }: Here): Effect => ({
    type: 'tellRollout',
    event: {
      type: 'WAVE_SKIPPED',
      at: event.at,
      wave: context.settings.position,
      // Nobody has counted the people of a wave that never began; that there are some is what matters.
      leftovers: Math.max(1, context.members),
    },
  }),
} as const

export const tellRollingBack = {
  type: 'effect',
  params: ({ context, event }: Here): Effect => ({
    type: 'tellRollout',
    event: {
      type: 'WAVE_ROLLING_BACK',
      at: event.at,
      wave: context.settings.position,
      by: context.rollbackBy,
      reason: context.rollbackReason,
    },
  }),
} as const

/** The next wave may be prepared. */
export const tellSoaking = {
  type: 'effect',
  params: ({ context, event }: Here): Effect => ({
    type: 'tellRollout',
    event: { type: 'WAVE_SOAKING', at: event.at, wave: context.settings.position },
  }),
} as const

export const tellCompleted = {
  type: 'effect',
  params: ({ context, event }: Here): Effect => ({
    type: 'tellRollout',
    event: {
      type: 'WAVE_COMPLETED',
      at: event.at,
      wave: context.settings.position,
      leftovers: context.leftovers,
    },
  }),
} as const

export const tellRejected = {
  type: 'effect',
  params: ({ context, event }: Here): Effect => ({
    type: 'tellRollout',
    event: {
      type: 'WAVE_REJECTED',
      at: event.at,
      wave: context.settings.position,
      by: event.type === 'REJECT' ? event.by : '',
      reason: event.type === 'REJECT' ? event.reason : '',
    },
  }),
} as const
