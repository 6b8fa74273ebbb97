import type { CompiledNotices } from '../plan/compiled-prepare-notices.ts'
import { languageOf } from '../plan/lint-notices.ts'
import { type NoticeTemplate, readTemplate } from '../prepare/notice-template.ts'
import { ownTemplates } from '../prepare/own-templates.ts'
import type { Reader } from '../store/store.ts'

// By digest and language: the same bytes are the same template.
const known = new Map<string, NoticeTemplate>()
const MOST = 100

/** The templates of a plan, by language. They were checked with it. */
export async function templatesOf(
  read: Reader,
  { templates }: CompiledNotices,
): Promise<ReadonlyMap<string, NoticeTemplate>> {
  if (templates.length === 0) return new Map(ownTemplates().map((one) => [one.language, one]))
  const found = new Map<string, NoticeTemplate>()
  for (const { file, digest } of templates) {
    const language = languageOf(file) ?? 'en'
    found.set(language, known.get(`${language} ${digest}`) ?? (await compile(read, file, language, digest)))
  }
  return found
}

async function compile(
  read: Reader,
  file: string,
  language: string,
  digest: string,
): Promise<NoticeTemplate> {
  const bytes = await read.fileBytes(digest)
  if (bytes === undefined) throw new Error(`the template ${file} is not in the database`)
  const template = readTemplate(language, bytes)
  if (!template.ok) throw new Error(`the template ${file}: ${template.problems[0]?.message}`)
  if (known.size >= MOST) known.clear()
  known.set(`${language} ${digest}`, template.template)
  return template.template
}
