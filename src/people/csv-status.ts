/** What became of a row of a file. */
export const STATUSES = ['matched', 'repaired', 'needsHuman', 'shared', 'notInDirectory'] as const
export type RowStatus = (typeof STATUSES)[number]

/** Why a row is not simply matched; stable, for programs. */
export const CAUSES = [
  'nobody',
  'notInDirectory',
  'ambiguous',
  'several',
  'perhaps',
  'twice',
  'contradicts',
  'lowering',
  'stateUnclear',
  'flagUnclear',
  'removal',
  'excluded',
  'noNumber',
  'numberUnclear',
  'shared',
  'leaversNumber',
] as const
export type RowCause = (typeof CAUSES)[number]
