import { languageOf } from '../plan/lint-notices.ts'
import { errorAt, type Finding } from '../plan/problem.ts'
import { readTemplate } from './notice-template.ts'

/** What is wrong with the template that stands at this place of a plan, by line of its file. */
export function templateFindings(index: number, file: string, bytes: Uint8Array): Finding[] {
  const read = readTemplate(languageOf(file) ?? 'en', bytes)
  if (read.ok) return []
  return read.problems.map(({ code, line, column, message, hint }) => {
    const at = ['prepare', 'notices', 'templates', index]
    return errorAt(at, code, `${file}:${line}:${column}: ${message}`, hint)
  })
}
