import { digestOf, type FileDigests } from './files.ts'
import { canonicalJson } from './plan-hash.ts'
import { pathText } from './problem.ts'
import type { Plan, PlanWave } from './schema.ts'

/** A plan with the digests of the files it names. */
export type PlanText = { plan: Plan; files: FileDigests }

/**
 * How a wave of the plan in force stands: over, or left out; under way with its people fixed; under way with nobody
 * fixed yet; or still to come.
 */
export type WaveStands = 'settled' | 'fixed' | 'open' | 'future'

/** What a revision wants to change and may not. */
export type RevisionRefusal = {
  code: 'planFixedChanged' | 'protectionShrinks' | 'planPastChanged' | 'planCurrentChanged'
  /** Keys of the plan. */
  places: string[]
}

/**
 * What of a revision cannot be: the name salts the shares and stays for good. Once people are on their way, what is
 * enforced stays and protection only grows; what is over stays as it was, and of the wave under way only gates and pace
 * change. `waves`: how each wave of the plan in force stands.
 */
export function refusalOf(
  before: PlanText,
  after: PlanText,
  waves: readonly WaveStands[],
  isDraft: boolean,
): RevisionRefusal | undefined {
  const fixed = (isDraft ? (['name'] as const) : (['name', 'enforce', 'rollback'] as const)).filter(
    (key) => canonicalJson(before.plan[key]) !== canonicalJson(after.plan[key]),
  )
  if (fixed.length > 0) return { code: 'planFixedChanged', places: fixed }
  if (!isDraft && campaignText(before.plan) !== campaignText(after.plan))
    return { code: 'planFixedChanged', places: ['prepare.campaign'] }
  const dropped = isDraft ? [] : droppedProtection(before.plan, after.plan)
  if (dropped.length > 0) return { code: 'protectionShrinks', places: dropped }
  const changed = (stands: readonly WaveStands[]) =>
    waves.flatMap((one, index) =>
      stands.includes(one) && keptOf(before, index, one) !== keptOf(after, index, one)
        ? [pathText(['waves', index])]
        : [],
    )
  const past = changed(['settled'])
  if (past.length > 0) return { code: 'planPastChanged', places: past }
  const current = changed(['fixed', 'open'])
  return current.length > 0 ? { code: 'planCurrentChanged', places: current } : undefined
}

/** The tenant's campaign was changed as it says, and is put back by it. */
function campaignText({ prepare }: Plan): string {
  return canonicalJson(prepare?.campaign ?? null)
}

/** The part of a wave that has to stay, as one text. */
function keptOf({ plan, files }: PlanText, index: number, stands: WaveStands): string {
  const wave = plan.waves[index]
  if (wave === undefined) return ''
  const file = fileOf(wave)
  const digest = file === undefined ? undefined : digestOf(files, file)
  switch (stands) {
    case 'settled':
      return canonicalJson({ wave, digest })
    case 'fixed':
      return canonicalJson({ name: wave.name, members: wave.members, digest })
    case 'open':
      return wave.name
    case 'future':
      return ''
    default:
      return stands satisfies never
  }
}

function fileOf({ members }: PlanWave): string | undefined {
  return typeof members === 'string' ? undefined : members.csv
}

function droppedProtection(before: Plan, after: Plan): string[] {
  return (['emergencyAccounts', 'groups'] as const).flatMap((key) => {
    const kept = new Set(after.protect[key].map((name) => name.toLowerCase()))
    return before.protect[key]
      .filter((name) => !kept.has(name.toLowerCase()))
      .map((name) => `protect.${key}: ${name}`)
  })
}
