import type { RolloutState, WaveState } from '../../../machines/language.ts'
import type { Phase } from '../../service.ts'
import type { Style } from './flow.ts'

interface Look {
  symbol: string
  words: string
  style: Style
}

export const WAVE_LOOKS: Record<WaveState, Look> = {
  pending: { symbol: '○', words: 'pending', style: 'dim' },
  preparing: { symbol: '◔', words: 'preparing', style: 'cyan' },
  checkingReadiness: { symbol: '◔', words: 'checking readiness', style: 'cyan' },
  awaitingApproval: { symbol: '?', words: 'awaiting approval', style: 'yellow' },
  awaitingWindow: { symbol: '◔', words: 'awaiting its window', style: 'cyan' },
  enforcing: { symbol: '▶', words: 'enforcing', style: 'cyan' },
  soaking: { symbol: '◐', words: 'soaking', style: 'cyan' },
  judging: { symbol: '◕', words: 'judging', style: 'cyan' },
  completed: { symbol: '✔', words: 'completed', style: 'green' },
  rollingBack: { symbol: '↩', words: 'rolling back', style: 'yellow' },
  rolledBack: { symbol: '↩', words: 'rolled back', style: 'yellow' },
  rollbackFailed: { symbol: '✖', words: 'rollback failed', style: 'red' },
  aborted: { symbol: '■', words: 'aborted', style: 'red' },
  skipped: { symbol: '–', words: 'skipped', style: 'dim' },
  rejected: { symbol: '✖', words: 'rejected', style: 'red' },
}

export const HELD: Look = { symbol: '‖', words: 'held', style: 'yellow' }

export const ROLLOUT_WORDS: Record<RolloutState, string> = {
  draft: 'draft, not started',
  running: 'running',
  rollingBack: 'rolling back',
  completed: 'completed',
  completedWithLeftovers: 'completed with leftovers',
  graduating: 'graduating to all users',
  graduated: 'graduated: the policy covers all users',
  aborted: 'aborted',
  rolledBack: 'rolled back',
  rollbackFailed: 'rollback failed',
}

export const PHASE_LOOKS: Record<Phase, { symbol: string; style: Style }> = {
  Healthy: { symbol: '✔', style: 'green' },
  Progressing: { symbol: '⟳', style: 'cyan' },
  Paused: { symbol: '‖', style: 'yellow' },
  Degraded: { symbol: '✖', style: 'red' },
}
