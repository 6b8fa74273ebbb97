/** Keys of the full plan format that this build does not act on. Lists are written as `[]`. */
const NOT_YET_KEYS = new Set([
  'finishBy',
  'calendar',
  'protect.guests',
  'gates.readiness.onFail',
  'gates.readiness.onUnknown',
  'gates.readiness.dryRun',
  'gates.soak.seen',
  'gates.soak.atMost',
  'gates.soak.onFail',
  'gates.soak.onUnknown',
  'gates.budget.tickets',
  'gates.budget.promptsPerDay',
  'gates.budget.lockedOut.onUnknown',
  'gates.budget.failedChanges.onUnknown',
  'rollback.protectAgainBy',
])

const NOT_YET_VALUES: Record<string, readonly unknown[]> = {
  'gates.budget.lockedOut.onSpent': ['rollback-affected', 'rollback'],
  'gates.budget.failedChanges.onSpent': ['rollback-affected', 'rollback'],
}

/** Is this a key of the full format that comes later? */
export function isKeyOfLater(path: string): boolean {
  return NOT_YET_KEYS.has(general(path))
}

/** Is this a value of the full format that comes later? */
export function isValueOfLater(path: string, value: unknown): boolean {
  return NOT_YET_VALUES[general(path)]?.includes(value) ?? false
}

/** The later keys that may stand directly under a path; they take part in did-you-mean. */
export function laterKeysUnder(path: string): string[] {
  const prefix = path === '' ? '' : `${general(path)}.`
  return [...NOT_YET_KEYS]
    .filter((key) => key.startsWith(prefix) && !key.slice(prefix.length).includes('.'))
    .map((key) => key.slice(prefix.length))
    .filter((key) => !key.includes('['))
}

function general(path: string): string {
  const listed = path.replace(/\[\d+\]/g, '[]')
  return listed.startsWith('waves[].gates') ? listed.slice('waves[].'.length) : listed
}
