import Table from 'cli-table3'

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** What a person should read but a script should not. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  print(tableText(head, rows))
}

/** Columns without lines: they read well aloud and in a log. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const none = [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
  ]
  const lines = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid']
  const chars = Object.fromEntries([...none, ...lines].map((name) => [name, '']))
  const table = new Table({
    head: [...head],
    chars: { ...chars, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows.map((row) => [...row]))
  return table.toString().replace(/ +$/gm, '')
}

/** Text from a directory can hold anything: no control character of it reaches a terminal. */
export function clean<T>(value: T): T {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  if (typeof value === 'string') return value.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '�') as T
  if (Array.isArray(value)) return value.map(clean) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, clean(one)])) as T
}

/** "2026-12-01 14:20 UTC" of an ISO time. */
export function sayTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}

export function sayTimeOr(iso: string | null, otherwise: string): string {
  return iso === null ? otherwise : sayTime(iso)
}
