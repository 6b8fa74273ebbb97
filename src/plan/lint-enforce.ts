import { errorAt, type Finding, type PathStep } from './problem.ts'
import type { Plan } from './schema.ts'
import type { PlanGates } from './schema-gates.ts'

/** A group and its policy, or the state of each person: the keys of the one mean nothing to the other. */
export function lintEnforce({ enforce, gates, waves }: Plan): Finding[] {
  const { by, ...rest } = enforce
  switch (by) {
    case 'conditional-access':
      return (['group', 'policy'] as const)
        .filter((key) => rest[key] === undefined)
        .map((key) =>
          errorAt(
            ['enforce', key],
            'missingKey',
            `The key ${key} is missing.`,
            `Add ${key}; see rollout.example.yaml.`,
          ),
        )
    case 'per-user-mfa':
      return [
        ...lintTwin(gates.wouldBlock, ['gates']),
        ...waves.flatMap((wave, index) => lintTwin(wave.gates?.wouldBlock, ['waves', index, 'gates'])),
        ...Object.keys(rest)
          .filter((key) => rest[key as keyof typeof rest] !== undefined)
          .map((key) =>
            errorAt(
              ['enforce', key],
              'notForPerUserMfa',
              `The key ${key} is of Conditional Access; per-user MFA has no group and no policy.`,
              `Leave ${key} out, or write by: conditional-access.`,
            ),
          ),
      ]
    default:
      return by satisfies never
  }
}

/** Nothing tells in advance whom a per-user state would keep out. */
function lintTwin(gate: PlanGates['wouldBlock'], path: PathStep[]): Finding[] {
  if (gate === undefined) return []
  const message = 'The gate wouldBlock asks a report-only policy; per-user MFA has none.'
  const hint = 'Leave wouldBlock out, or write by: conditional-access.'
  return [errorAt([...path, 'wouldBlock'], 'notForPerUserMfa', message, hint)]
}
