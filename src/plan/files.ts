import type { CompiledPlan } from './compiled-plan.ts'
import { errorAt, type Finding, type PathStep } from './problem.ts'
import type { Plan } from './schema.ts'
import { fileOfPhones } from './schema-prepare-phones.ts'

/** The files a plan names, by name as the plan writes it: `sha256:` and 64 hex digits of the bytes. */
export type FileDigests = Readonly<Record<string, string>>

/** `sha256:…` of the bytes of a file. */
export const DIGEST_PATTERN = /^sha256:[0-9a-f]{64}$/

/** Where a plan names a file, and which. */
export function filesNamedBy(plan: Plan): { at: PathStep[]; name: string }[] {
  const templates = plan.prepare?.notices?.templates ?? []
  const phones = plan.prepare?.phones && fileOfPhones(plan.prepare.phones)
  return [
    ...plan.waves.flatMap(({ members }, wave) =>
      typeof members === 'string' || members.csv === undefined
        ? []
        : [{ at: ['waves', wave, 'members', 'csv'], name: members.csv }],
    ),
    ...templates.map((name, index) => ({ at: ['prepare', 'notices', 'templates', index], name })),
    ...(phones === undefined ? [] : [{ at: ['prepare', 'phones', 'from'], name: phones }]),
    ...(plan.prepare?.tokens ? [{ at: ['prepare', 'tokens', 'from'], name: plan.prepare.tokens.from }] : []),
  ]
}

/** A list of tokens holds secrets: it goes by a door of its own, and is kept nowhere as it is. */
export function hasSecrets(plan: Plan, name: string): boolean {
  return plan.prepare?.tokens?.from === name
}

/** The digests that a compiled plan was made with. */
export function filesOf(plan: CompiledPlan): Record<string, string> {
  const templates = plan.prepare?.notices?.templates ?? []
  const phones = plan.prepare?.phones?.from
  return Object.fromEntries([
    ...plan.waves.flatMap(({ members }) => (members.kind === 'csv' ? [[members.csv, members.digest]] : [])),
    ...(phones?.kind === 'csv' ? [[phones.csv, phones.digest]] : []),
    ...(plan.prepare?.tokens ? [[plan.prepare.tokens.csv, plan.prepare.tokens.digest]] : []),
    ...templates.map(({ file, digest }) => [file, digest]),
  ])
}

/** The digest given for a name; nothing inherited from Object counts as one. */
export function digestOf(files: FileDigests, name: string): string | undefined {
  return Object.hasOwn(files, name) ? files[name] : undefined
}

/** Every file the plan names comes with a digest, and no digest comes for what it does not name. */
export function lintFiles(plan: Plan, files: FileDigests): Finding[] {
  const named = filesNamedBy(plan)
  const missing = named
    .filter(({ name }) => digestOf(files, name) === undefined)
    .map(({ at, name }) => {
      const message = `The plan names the file ${name}, and it did not come with the plan.`
      const hint = `Upload it with POST ${hasSecrets(plan, name) ? '/hardware-tokens' : '/files'} and name its digest under files; the command line does so by itself.`
      return errorAt(at, 'fileMissing', message, hint)
    })
  const strange = Object.keys(files)
    .filter((name) => !named.some((one) => one.name === name))
    .map((name) => {
      const message = `A digest came for ${name.slice(0, 60)}, which the plan does not name.`
      return errorAt([], 'fileNotNamed', message, 'Write the name as the plan does, or leave it out.')
    })
  return [...missing, ...strange]
}
