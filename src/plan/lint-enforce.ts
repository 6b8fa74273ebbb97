import { errorAt, type Finding } from './problem.ts'
import type { Plan } from './schema.ts'

/** A group and its policy, or the state of each person: the keys of the one mean nothing to the other. */
export function lintEnforce({ enforce }: Plan): Finding[] {
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
      return Object.keys(rest)
        .filter((key) => rest[key as keyof typeof rest] !== undefined)
        .map((key) =>
          errorAt(
            ['enforce', key],
            'notForPerUserMfa',
            `The key ${key} is of Conditional Access; per-user MFA has no group and no policy.`,
            `Leave ${key} out, or write by: conditional-access.`,
          ),
        )
    default:
      return by satisfies never
  }
}
