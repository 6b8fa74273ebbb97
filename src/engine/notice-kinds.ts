import type { CompiledNotices } from '../plan/compiled-prepare-notices.ts'
import { sayDuration } from '../plan/units.ts'
import type { NoticeKind } from '../store/notices.ts'

/** The notices of a plan, in the order in which a person gets them. */
export function noticeKinds({ beforeMs, on, afterMs }: CompiledNotices): NoticeKind[] {
  const before = beforeMs.map(
    (leadMs, place): NoticeKind => ({
      notice: `before-${name(leadMs)}`,
      moment: 'before',
      leadMs,
      isFirst: place === 0,
      isLast: place === beforeMs.length - 1,
    }),
  )
  const since = { isFirst: false, isLast: false }
  const atOnce: NoticeKind[] = on ? [{ notice: 'on', moment: 'on', leadMs: 0, ...since }] : []
  const after = afterMs.map(
    (leadMs): NoticeKind => ({ notice: `after-${name(leadMs)}`, moment: 'after', leadMs, ...since }),
  )
  return [...before, ...atOnce, ...after]
}

const DAY = 86_400_000

function name(ms: number): string {
  return ms % DAY === 0 ? `${ms / DAY}d` : sayDuration(ms).replaceAll(' ', '')
}
