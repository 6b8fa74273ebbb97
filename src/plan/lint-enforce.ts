import { errorAt, type Finding, type PathStep } from './problem.ts'
import type { Plan } from './schema.ts'
import type { PlanGates } from './schema-gates.ts'

/** A group and its policy, or the state of each person: the keys of the one mean nothing to the other. */
export function lintEnforce(plan: Plan): Finding[] {
  return [...lintKeys(plan), ...lintGraduate(plan)]
}

/** There is one policy to widen, or none. */
function lintGraduate({ enforce, graduate }: Plan): Finding[] {
  if (enforce.by === 'per-user-mfa' && graduate !== undefined) {
    const message =
      'The key graduate is of Conditional Access; per-user MFA has no policy that could cover all users.'
    return [
      errorAt(
        ['graduate'],
        'notForPerUserMfa',
        message,
        'Leave graduate out, or write by: conditional-access.',
      ),
    ]
  }
  if (enforce.exceptions === undefined || graduate !== undefined) return []
  const message = 'The exceptions are for a policy that covers all users, and this plan does not graduate.'
  return [
    errorAt(
      ['enforce', 'exceptions'],
      'missingKey',
      message,
      'Add graduate: all-users, or leave exceptions out.',
    ),
  ]
}

function lintKeys({ enforce, gates, waves }: Plan): Finding[] {
  const { by, revokeSessions: _ofEither, ...rest } = enforce
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
