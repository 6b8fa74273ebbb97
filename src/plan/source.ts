import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml'
import { hostileOffset } from './hostile-yaml.ts'
import { isKeyOfLater } from './not-yet.ts'
import { errorAt, type Finding, type PathStep, type Problem, pathText } from './problem.ts'

export const MAX_PLAN_BYTES = 1_000_000
const MAX_DEPTH = 12

export type Place = { line: number; column: number }

/** A plan's text as plain data, and where each of its keys and values stands. */
export type PlanSource = {
  value: unknown
  keys: Map<string, Place>
  values: Map<string, Place>
}

export type ReadSource = { ok: true; source: PlanSource } | { ok: false; problems: Problem[] }

/** Reads YAML (or JSON, which is YAML). Only plain data gets through: no aliases, no tags, no second document. */
export function readSource(text: string): ReadSource {
  if (text.length > MAX_PLAN_BYTES || new TextEncoder().encode(text).length > MAX_PLAN_BYTES) {
    const hint = `A plan may have ${MAX_PLAN_BYTES} bytes; name people by group instead of one by one.`
    return refuse('planTooLarge', 'The plan is too large to be read.', hint, { line: 1, column: 1 })
  }
  const lines = new LineCounter()
  const hostile = hostileOffset(text)
  if (hostile !== undefined) {
    const hint = 'Check brackets, list marks and commas; name people by group instead of one by one.'
    return refuse('yamlInvalid', 'There is too much of it here to be a plan.', hint, placeIn(text, hostile))
  }
  // The parser's own check for duplicate keys and its pretty errors take quadratic time on hostile input.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false })
  const broken = document.errors[0]
  if (broken !== undefined) {
    const place = placeOf(lines, broken.pos[0])
    if (broken.code === 'MULTIPLE_DOCS') {
      return refuse(
        'severalDocuments',
        'The file holds more than one document.',
        'Keep one plan a file.',
        place,
      )
    }
    const hint = 'Check indentation, quotes and brackets at and just before this place.'
    return refuse('yamlInvalid', `This is not YAML: ${firstLine(broken.message)}`, hint, place)
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return refuse('emptyPlan', 'The plan is empty.', 'Start from rollout.example.yaml.', {
      line: 1,
      column: 1,
    })
  }
  const walk: Walk = { lines, keys: new Map(), values: new Map(), problems: [] }
  const value = plain(walk, document.contents, [])
  if (walk.problems.length > 0) return { ok: false, problems: walk.problems }
  return { ok: true, source: { value, keys: walk.keys, values: walk.values } }
}

type Walk = { lines: LineCounter; keys: Map<string, Place>; values: Map<string, Place>; problems: Problem[] }

function plain(walk: Walk, node: Node | ParsedNode | null, path: PathStep[]): unknown {
  if (node === null) return null
  const place = placeOf(walk.lines, node.range?.[0] ?? 0)
  walk.values.set(pathText(path), place)
  if (isAlias(node) || ('anchor' in node && node.anchor !== undefined)) {
    note(
      walk,
      errorAt(path, 'aliasRefused', 'Anchors and aliases are not read.', 'Write the value out.'),
      place,
    )
    return null
  }
  if (node.tag !== undefined) {
    return tagged(walk, node.tag, path, place)
  }
  if (isScalar(node)) return node.value
  if (path.length >= MAX_DEPTH) {
    note(walk, errorAt(path, 'tooDeep', 'The plan is nested too deeply.', 'See rollout.example.yaml.'), place)
    return null
  }
  if (isSeq(node)) return node.items.map((item, index) => plain(walk, item as Node | null, [...path, index]))
  if (!isMap(node)) return null
  const entries = new Map<string, unknown>()
  for (const pair of node.items) {
    const keyNode = pair.key as Node | null
    const keyPlace = placeOf(walk.lines, keyNode?.range?.[0] ?? node.range?.[0] ?? 0)
    if (!isScalar(keyNode) || keyNode.anchor !== undefined) {
      note(
        walk,
        errorAt(path, 'wrongType', 'A key has to be one word.', 'See rollout.example.yaml.'),
        keyPlace,
      )
      continue
    }
    const key = String(keyNode.value)
    const keyPath = [...path, key]
    if (entries.has(key)) {
      const hint = 'Keep one of the two; which one was meant cannot be known.'
      note(walk, errorAt(keyPath, 'duplicateKey', `The key ${key} stands here twice.`, hint), keyPlace)
      continue
    }
    walk.keys.set(pathText(keyPath), keyPlace)
    entries.set(key, plain(walk, pair.value as Node | null, keyPath))
  }
  return Object.fromEntries(entries)
}

function tagged(walk: Walk, tag: string, path: PathStep[], place: Place): null {
  const hint = 'Leave the tag out and write plain text.'
  note(walk, errorAt(path, 'tagRefused', `The tag ${tag.slice(0, 40)} is not read.`, hint), place)
  return null
}

function note(walk: Walk, finding: Finding, place: Place): void {
  walk.problems.push({ ...finding, ...place })
}

function refuse(code: Problem['code'], message: string, hint: string, place: Place): ReadSource {
  return { ok: false, problems: [{ ...errorAt([], code, message, hint), ...place }] }
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset)
  return line === 0 ? { line: 1, column: 1 } : { line, column: col }
}

function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

function firstLine(message: string): string {
  return message.split('\n')[0]?.slice(0, 160) ?? ''
}

/** Where a finding belongs in the text: at its value, at its key, or at the nearest parent that is there. */
export function locate(source: PlanSource, finding: Finding): Problem {
  const atKey = finding.code === 'unknownKey' || isKeyOfLater(finding.path)
  const [first, second] = atKey ? [source.keys, source.values] : [source.values, source.keys]
  const own = first.get(finding.path) ?? second.get(finding.path)
  if (own !== undefined) return { ...finding, ...own }
  for (let path = parentOf(finding.path); path !== ''; path = parentOf(path)) {
    const place = source.keys.get(path) ?? source.values.get(path)
    if (place !== undefined) return { ...finding, ...place }
  }
  return { ...finding, line: 1, column: 1 }
}

function parentOf(path: string): string {
  return path.replace(/(\.[^.[\]]*|\[\d+\]|^[^.[\]]*)$/, '')
}
