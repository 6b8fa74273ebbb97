import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { EXCEPTIONS, HOUSE, OWN_TIME, placeOf } from './architecture/house.ts'
import { cycles, type Import, readSource, type Source, sourcesIn } from './architecture/source.ts'

const sources = sourcesIn('machines', 'src', 'api', 'migrations')
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  dependencies: Record<string, string>
}
const known = new Set(sources.map(({ path }) => path))

function isInside(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`) || placeOf(path) === place)
}

function mayImport(source: Source, wanted: Import): boolean {
  const place = placeOf(source.path)
  const rule = place === undefined ? undefined : HOUSE[place]
  if (place === undefined || rule === undefined) return false
  const more = EXCEPTIONS[source.path]?.packages ?? []
  if (!wanted.isOurs) return [...rule.packages, ...more].includes(wanted.target)
  if (placeOf(wanted.target) === place) return true
  return isInside(wanted.target, wanted.isType ? [...rule.ours, ...(rule.types ?? [])] : rule.ours)
}

describe('the arrows of the house', () => {
  test('every file imports only what its place may', () => {
    const wrong = sources.flatMap((source) =>
      source.imports
        .filter((one) => !mayImport(source, one))
        .map(({ target, isType }) => `${source.path} imports ${isType ? 'the types of ' : ''}${target}`),
    )
    expect(wrong).toEqual([])
  })

  test('every import of ours names a file that exists', () => {
    const missing = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ target, isOurs }) => isOurs && !known.has(target))
        .map(({ target }) => `${path}: ${target}`),
    )
    expect(missing).toEqual([])
  })

  test('outside the machines one file alone imports xstate', () => {
    const importers = sources.filter(
      ({ path, imports }) =>
        !path.startsWith('machines/') && imports.some(({ target }) => target === 'xstate'),
    )
    expect(importers.map(({ path }) => path)).toEqual(['src/engine/step.ts'])
  })

  test('no two files import each other at run time, however long the way round', () => {
    expect(cycles(sources)).toEqual([])
  })

  test('what runs is among the dependencies, and every dependency runs', () => {
    const imported = sources.flatMap(({ imports }) =>
      imports.filter(({ isOurs, isType }) => !isOurs && !isType),
    )
    const packages = new Set(imported.map(({ target }) => target).filter((name) => !name.startsWith('node:')))
    expect([...packages].toSorted()).toEqual(Object.keys(manifest.dependencies).toSorted())
  })

  test('every exception is still needed', () => {
    const idle = Object.entries(EXCEPTIONS).flatMap(([path, { packages }]) => {
      const imports = sources.find((source) => source.path === path)?.imports ?? []
      return packages
        .filter((name) => !imports.some(({ target }) => target === name))
        .map((name) => `${path}: ${name}`)
    })
    expect(idle).toEqual([])
  })
})

describe('time and chance come from outside', () => {
  const TIME =
    /\bDate\.now\b|\bnew Date\(\s*\)|\bset(?:Timeout|Interval|Immediate)\b|\bperformance\.(?:now|timeOrigin)\b/

  test('only the clock reads the time of the machine or waits for it', () => {
    const readers = sources.filter(({ code }) => TIME.test(code)).map(({ path }) => path)
    const outside = readers.filter((path) => !Object.keys(OWN_TIME).some((place) => path.startsWith(place)))
    expect(outside).toEqual([])
  })

  test('nothing is left to Math.random, and what is pure draws nothing at all', () => {
    const careless = sources.filter(({ code }) => /\bMath\.random\b/.test(code))
    const pure = sources.filter(({ path }) => /^(machines|src\/(plan|people|gates|methods))\//.test(path))
    const drawing = pure.filter(({ code }) => /\brandom(?:UUID|Bytes|Int)\b|\bprocess\.env\b/.test(code))
    expect([...careless, ...drawing].map(({ path }) => path)).toEqual([])
  })
})

describe('size and names', () => {
  test('files are about 80 lines long, none over 350', () => {
    const lengths = sources.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    expect(lengths.filter(({ lines }) => lines > 350)).toEqual([])
    const sorted = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b)
    const median = sorted[sorted.length >> 1] as number
    expect(median).toBeGreaterThan(40)
    expect(median).toBeLessThan(100)
  })

  test('no file is a drawer for everything', () => {
    const drawers = sources.filter(({ path }) =>
      /(^|[/-])(utils?|helpers?|managers?|misc|common)(-|\.|\/)/i.test(path),
    )
    expect(drawers.map(({ path }) => path)).toEqual([])
  })

  test('what is exported has a name', () => {
    expect(sources.filter(({ code }) => /\bexport default\b/.test(code)).map(({ path }) => path)).toEqual([])
  })
})

describe('what these tests read of a file', () => {
  function imports(text: string): string[] {
    return readSource('src/a/file.ts', text).imports.map(
      ({ target, isType }) => `${isType ? 'type ' : ''}${target}`,
    )
  }

  test('every way to import is seen, over several lines too', () => {
    expect(imports("import { a } from './b.ts'")).toEqual(['src/a/b.ts'])
    expect(imports("import {\n  a,\n  type B,\n} from '../c.ts'")).toEqual(['src/c.ts'])
    expect(imports("import x, * as y from 'zod'")).toEqual(['zod'])
    expect(imports("export { a } from './b.ts'\nexport * from './c.ts'")).toEqual([
      'src/a/b.ts',
      'src/a/c.ts',
    ])
    expect(imports("import './b.ts'")).toEqual(['src/a/b.ts'])
    expect(imports("async function f() {\n  const { a } = await import('../b.ts')\n}")).toEqual(['src/b.ts'])
  })

  test('types are told from what runs', () => {
    expect(imports("import type { A } from './b.ts'\nexport type { C } from './c.ts'")).toEqual([
      'type src/a/b.ts',
      'type src/a/c.ts',
    ])
    expect(imports("import { type A, type B } from './b.ts'")).toEqual(['type src/a/b.ts'])
    expect(imports("import { type A, b } from './b.ts'")).toEqual(['src/a/b.ts'])
  })

  test('comments and strings import nothing', () => {
    expect(
      imports("// import { a } from './b.ts'\n/* import './c.ts' */\nconst s = 'https://x' // end"),
    ).toEqual([])
  })

  test('a way round of three files is a cycle, one through types is not', () => {
    const file = (path: string, text: string) => readSource(path, text)
    const round = [
      file('src/a.ts', "import './b.ts'"),
      file('src/b.ts', "import './c.ts'"),
      file('src/c.ts', "import './a.ts'"),
      file('src/d.ts', "import './a.ts'"),
    ]
    expect(cycles(round)).toEqual([['src/a.ts', 'src/b.ts', 'src/c.ts']])
    const byType = [file('src/a.ts', "import './b.ts'"), file('src/b.ts', "import type { A } from './a.ts'")]
    expect(cycles(byType)).toEqual([])
  })
})
