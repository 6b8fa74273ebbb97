import { errorAt, type Finding } from './problem.ts'
import type { Plan } from './schema.ts'

/** `mail.cs.md` is the template of cs. */
const NAMED = /(?:^|[./])([a-z]{2,3})\.md$/

/** The language a template is of, by its name; undefined: the name says none. */
export function languageOf(file: string): string | undefined {
  return NAMED.exec(file.replaceAll('\\', '/'))?.[1]
}

/** Which languages the plan's own templates have, and that the one for everybody else is among them. */
export function lintNotices({ prepare }: Plan): Finding[] {
  const notices = prepare?.notices
  if (notices === undefined) return []
  const { templates, language } = notices
  const found: Finding[] = []
  const seen = new Map<string, string>()
  for (const [index, file] of (templates ?? []).entries()) {
    const at = ['prepare', 'notices', 'templates', index]
    const of = languageOf(file)
    if (of === undefined) {
      const message = `The name of the template ${file} says no language.`
      found.push(errorAt(at, 'templateUnnamed', message, 'Name it by its language: mail.en.md.'))
    } else if (seen.has(of)) {
      const message = `${seen.get(of)} and ${file} are both templates of ${of}.`
      found.push(errorAt(at, 'templateTwice', message, 'Keep one a language; it serves every notice.'))
    } else seen.set(of, file)
  }
  return [...found, ...lintLanguage(templates === undefined ? OWN_LANGUAGES : [...seen.keys()], language)]
}

/** The templates that come with wavegate. */
export const OWN_LANGUAGES: readonly string[] = ['cs', 'da', 'de', 'en', 'fr']

function lintLanguage(known: readonly string[], language: string): Finding[] {
  if (known.includes(language)) return []
  const message = `There is no template of ${language}, the language of whoever has none of the others.`
  const hint = `Add mail.${language}.md to templates, or choose one of: ${known.join(', ')}.`
  return [errorAt(['prepare', 'notices', 'language'], 'templateMissing', message, hint)]
}
