import { readdirSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

export interface Source {
  /** From the root, with forward slashes: `src/clock/clock.ts`. */
  path: string
  text: string
  /** Without comments; what is in strings is still there. */
  code: string
  imports: Import[]
}

export interface Import {
  /** A file of ours from the root, or the name of a package. */
  target: string
  isOurs: boolean
  /** Gone when the types are stripped. */
  isType: boolean
}

/** Every file of code under these folders. */
export function sourcesIn(...folders: string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|js)$/.test(file))
      .map((file) => {
        const path = `${folder}/${file.replaceAll('\\', '/')}`
        return readSource(path, readFileSync(join(ROOT, path), 'utf8'))
      }),
  )
}

export function readSource(path: string, text: string): Source {
  const code = withoutComments(text)
  return { path, text, code, imports: importsOf(path, code) }
}

/** Strings are kept whole, so that `'https://…'` does not begin a comment. */
function withoutComments(text: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
  return text.replace(token, (found) => (/^\/[/*]/.test(found) ? ' ' : found))
}

const FROM = /^[ \t]*(?:import|export)\s+(type\s+)?([\w$*,{}\s]*?)\s*from\s*['"]([^'"]+)['"]/gm
const BARE = /^[ \t]*import\s*['"]([^'"]+)['"]/gm
const DYNAMIC = /\bimport\s*\(\s*['"`]([^'"`]+)['"`]\s*[,)]/g

function importsOf(path: string, code: string): Import[] {
  const found: Import[] = []
  const add = (name: string, isType: boolean) => {
    const isOurs = name.startsWith('.')
    const target = isOurs ? normalize(join(path, '..', name)).replaceAll('\\', '/') : packageOf(name)
    found.push({ target, isOurs, isType })
  }
  for (const [, type, names = '', from] of code.matchAll(FROM)) {
    add(from as string, type !== undefined || onlyTypes(names))
  }
  for (const [, from] of code.matchAll(BARE)) add(from as string, false)
  for (const [, from] of code.matchAll(DYNAMIC)) add(from as string, false)
  return found
}

/** `csv-parse/sync` is a part of `csv-parse`; what Node brings has names of its own. */
function packageOf(name: string): string {
  if (name.startsWith('node:')) return name
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

/** `{ type A, type B }`: all of it goes; `{}` would still run the file. */
function onlyTypes(names: string): boolean {
  const inner = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1]
  if (inner === undefined) return false
  const parts = inner.split(',').flatMap((part) => part.trim() || [])
  return parts.length > 0 && parts.every((part) => /^type\s/.test(part))
}

/** Groups of files that import each other at run time, each group once. */
export function cycles(sources: readonly Source[]): string[][] {
  const next = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.filter(({ isOurs, isType }) => isOurs && !isType).map(({ target }) => target),
    ]),
  )
  const reaches = (from: string): Set<string> => {
    const seen = new Set<string>()
    const open = [...(next.get(from) ?? [])]
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (seen.has(one)) continue
      seen.add(one)
      open.push(...(next.get(one) ?? []))
    }
    return seen
  }
  const reach = new Map([...next.keys()].map((path) => [path, reaches(path)]))
  const inCycle = [...next.keys()].filter((path) => reach.get(path)?.has(path))
  const groups = inCycle.map((path) =>
    inCycle.filter((other) => reach.get(path)?.has(other) && reach.get(other)?.has(path)),
  )
  return [...new Map(groups.map((group) => [group.join(), group])).values()]
}
