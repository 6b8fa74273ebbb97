import { type CompiledFilter, type CompiledLimits, type CompiledMembers, NO_LIMITS } from './compiled-plan.ts'
import { digestOf, type FileDigests } from './files.ts'
import { ATTRIBUTES, type PlanFilter, type PlanMembers } from './schema-members.ts'
import { basisPoints } from './units.ts'

/** Where a wave's people come from. */
export function compileMembers(members: PlanMembers, files: FileDigests = {}): CompiledMembers {
  if (members === 'administrators') return { kind: 'administrators' }
  if (members === 'rest' || members.rest) return { kind: 'rest' }
  if (members.users !== undefined) return { kind: 'users', users: members.users }
  if (members.csv !== undefined)
    return { kind: 'csv', csv: members.csv, digest: digestOf(files, members.csv) ?? '' }
  if (members.group !== undefined) return { kind: 'group', group: members.group }
  if (members.filter !== undefined) return { kind: 'filter', filter: compileFilter(members.filter) }
  if (members.share !== undefined) return { kind: 'share', shareBp: basisPoints(members.share) }
  throw new Error('a wave without members passed the lint')
}

/** Who of them stays for later. */
export function compileLimits(members: PlanMembers): CompiledLimits {
  if (members === 'rest' || members === 'administrators') return NO_LIMITS
  return {
    max: members.max ?? null,
    spread: members.spread ?? null,
    maxPerDepartmentBp: members.maxPerDepartment === undefined ? null : basisPoints(members.maxPerDepartment),
    managerApart: members.managerApart ?? false,
  }
}

function compileFilter(filter: PlanFilter): CompiledFilter {
  return ATTRIBUTES.flatMap((attribute) => {
    const values = filter[attribute]
    if (values === undefined) return []
    return [{ attribute, values: [values].flat(), listed: Array.isArray(values) }]
  })
}
