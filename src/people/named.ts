import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { errorAt, type Finding } from '../plan/problem.ts'
import { type Listed, nameListed } from './csv-named.ts'
import { codeFor, type Exclusion, sayExclusion } from './exclusion.ts'
import type { Register } from './population.ts'

/** The people whom waves name one by one, in the plan or in a file, each with the wave that names them. A name that may not stand there is a finding. */
export function checkNamed(
  plan: CompiledPlan,
  register: Register,
  excluded: ReadonlyMap<string, Exclusion>,
  listed: Listed,
  findings: Finding[],
): Map<string, string> {
  const named = new Map<string, string>()
  for (const wave of plan.waves) {
    if (wave.members.kind === 'csv') nameListed(wave, listed, excluded, named, findings)
    if (wave.members.kind !== 'users') continue
    for (const [index, user] of wave.members.users.entries()) {
      const path = ['waves', wave.index, 'members', 'users', index]
      const person = register.find(user)
      if (person === undefined) {
        const hint = 'Check the spelling of the sign-in name or object id.'
        findings.push(errorAt(path, 'unknownPerson', `There is no ${user} in the tenant.`, hint))
        continue
      }
      const reason = excluded.get(person.id)
      const earlier = named.get(person.id)
      // Under MFA already: named, and left as they are.
      if (reason === 'adopted') continue
      if (reason !== undefined) {
        const message = `${user} ${sayExclusion(reason)} and is named in the wave ${wave.name}.`
        findings.push(errorAt(path, codeFor(reason), message, 'Take this person out of the wave.'))
      } else if (earlier !== undefined) {
        const message = `${user} is the same person as one who is named in ${earlier}.`
        findings.push(errorAt(path, 'personInTwoWaves', message, 'Name each person once.'))
      } else named.set(person.id, wave.name)
    }
  }
  return named
}
