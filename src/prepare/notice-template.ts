import type { Template } from 'liquidjs'
import { FIELD_NAMES, type NoticeFields, sampleFields } from './notice-fields.ts'
import { htmlOf } from './notice-html.ts'
import { inMarkdown, plain } from './notice-liquid.ts'

/** What is wrong with a template, by line and column of its file. */
export interface TemplateProblem {
  code: 'templateInvalid' | 'templateFieldUnknown'
  line: number
  column: number
  message: string
  hint: string
}

export interface NoticeTemplate {
  language: string
  subject: Template[]
  text: Template[]
  body: Template[]
}

export interface RenderedNotice {
  subject: string
  /** Markdown. */
  text: string
  html: string
}

export type ReadTemplate = { ok: true; template: NoticeTemplate } | { ok: false; problems: TemplateProblem[] }

const LARGEST = 100_000
const FRONT = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/

const KNOWN = `Known fields: ${FIELD_NAMES.join(', ')}.`

/** Compiles a template and holds every field in it against those there are. */
export function readTemplate(language: string, bytes: Uint8Array): ReadTemplate {
  const source = textOf(bytes)
  if (typeof source !== 'string') return { ok: false, problems: [source] }
  const front = FRONT.exec(source)
  const subject = front && subjectOf(front[1] as string)
  if (!front || !subject) {
    const hint = 'Begin the file with three lines: ---, subject: TEXT, --- and write the mail below.'
    return refused(1, 1, 'It has no front matter with a subject, and nothing else in it.', hint)
  }
  const skipped = front[0].split('\n').length - 1
  const parts = [
    { text: subject.text, line: subject.line + 1, column: subject.column },
    { text: source.slice(front[0].length), line: skipped + 1, column: 1 },
  ]
  const problems = parts.flatMap(problemsIn)
  if (problems.length > 0) return { ok: false, problems }
  const [title, body] = parts.map(({ text }) => text) as [string, string]
  const template = {
    language,
    subject: plain.parse(title),
    text: plain.parse(body),
    body: inMarkdown.parse(body),
  }
  const failures = failuresOf(template, skipped + 1)
  return failures.length > 0 ? { ok: false, problems: failures } : { ok: true, template }
}

/** What only shows when a mail is made of it: a loop without end, a sum that cannot be. `line`: where the text begins. */
function failuresOf(template: NoticeTemplate, line: number): TemplateProblem[] {
  try {
    for (const moment of ['before', 'on', 'after'] as const) renderNotice(template, sampleFields(moment))
    return []
  } catch (error) {
    const { message, row, col } = failureOf(error)
    return [problem(line + row - 1, col, `No mail can be made of it: ${message}.`, 'Correct it.')]
  }
}

/** One person's mail. */
export function renderNotice(template: NoticeTemplate, fields: NoticeFields): RenderedNotice {
  return {
    subject: String(plain.renderSync(template.subject, fields)).replace(/\s+/g, ' ').trim(),
    text: tidy(plain.renderSync(template.text, fields)),
    html: htmlOf(tidy(inMarkdown.renderSync(template.body, fields)), template.language),
  }
}

function tidy(text: string): string {
  return `${text
    .replaceAll('\r\n', '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}

function textOf(bytes: Uint8Array): string | TemplateProblem {
  if (bytes.length > LARGEST) return problem(1, 1, 'It is larger than 100 KB.', 'A mail is short.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return problem(1, 1, 'It is not text in UTF-8.', 'Save it as UTF-8.')
  }
}

/** The one line that the front matter holds; lines count from 0 below its first rule. */
function subjectOf(front: string): { text: string; line: number; column: number } | undefined {
  const lines = front.split(/\r?\n/)
  const line = lines.findIndex((one) => /^subject:\s*\S/.test(one))
  if (line === -1 || lines.some((one, index) => index !== line && one.trim() !== '')) return undefined
  const [head] = /^subject:\s*/.exec(lines[line] as string) as RegExpExecArray
  const text = (lines[line] as string).slice(head.length).trim()
  const quoted = /^(["'])(.*)\1$/.exec(text)
  return { text: quoted?.[2] ?? text, line: line + 1, column: head.length + (quoted ? 2 : 1) }
}

interface Part {
  text: string
  line: number
  column: number
}

function problemsIn({ text, line, column }: Part): TemplateProblem[] {
  const place = (row: number, col: number) => ({
    line: line + row - 1,
    column: row === 1 ? column + col - 1 : col,
  })
  try {
    const { globals } = plain.analyzeSync(plain.parse(text), { partials: false })
    return Object.values(globals)
      .flat()
      .filter(({ segments }) => !FIELD_NAMES.includes(segments.map(String).join('.')))
      .map(({ segments, location }) => {
        const at = place(location.row, location.col)
        const named = segments.map(String).join('.')
        const message = `It names ${named}, and there is no such field.`
        return { code: 'templateFieldUnknown', ...at, message, hint: KNOWN }
      })
  } catch (error) {
    const { message, row, col } = failureOf(error)
    const at = place(row, col)
    const hint = 'Correct it; templates are Liquid in Markdown, without include, date and raw.'
    return [problem(at.line, at.column, `It does not compile: ${message}.`, hint)]
  }
}

function failureOf(error: unknown): { message: string; row: number; col: number } {
  const failure = error as { originalError?: Error; message: string; token?: { getPosition(): number[] } }
  const [row = 1, col = 1] = failure.token?.getPosition() ?? []
  const message = failure.originalError?.message ?? failure.message
  return { message: message.replace(/, (file:\S+, )?line:\d+, col:\d+$/, ''), row, col }
}

function problem(line: number, column: number, message: string, hint: string): TemplateProblem {
  return { code: 'templateInvalid', line, column, message, hint }
}

function refused(line: number, column: number, message: string, hint: string): ReadTemplate {
  return { ok: false, problems: [problem(line, column, message, hint)] }
}
