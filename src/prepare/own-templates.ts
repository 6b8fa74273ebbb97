import { type NoticeTemplate, readTemplate } from './notice-template.ts'
import { CS } from './templates/cs.ts'
import { DA } from './templates/da.ts'
import { DE } from './templates/de.ts'
import { EN } from './templates/en.ts'
import { FR } from './templates/fr.ts'

const TEXTS: Readonly<Record<string, string>> = { cs: CS, da: DA, de: DE, en: EN, fr: FR }

let known: readonly NoticeTemplate[] | undefined

/** The templates that come with wavegate, for a plan that brings none of its own. */
export function ownTemplates(): readonly NoticeTemplate[] {
  known ??= Object.entries(TEXTS).map(([language, text]) => {
    const read = readTemplate(language, new TextEncoder().encode(text))
    if (!read.ok) throw new Error(`our template of ${language}: ${JSON.stringify(read.problems)}`)
    return read.template
  })
  return known
}
