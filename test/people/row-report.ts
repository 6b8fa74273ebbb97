import { decodeText } from '../../src/people/csv-decode.ts'
import { csvDirectory } from '../../src/people/csv-directory.ts'
import { headIn } from '../../src/people/csv-head.ts'
import { maskedNumbers } from '../../src/people/csv-mask.ts'
import { personIn, shownCells } from '../../src/people/csv-people.ts'
import { type RowCounts, rowReport } from '../../src/people/csv-report.ts'
import { readTable } from '../../src/people/csv-table.ts'
import type { RowVerdict } from '../../src/people/csv-verdict.ts'
import { exclusionOf, sayExclusion } from '../../src/people/exclusion.ts'
import type { Person } from '../../src/people/person.ts'

export interface Reported {
  kind: string
  encoding: string
  counts: RowCounts
  rows: (RowVerdict & { line: number; shown: ReturnType<typeof maskedNumbers> })[]
}

/** The row report of a file that is all here. */
export function reportOf(bytes: Uint8Array, people: readonly Person[], region?: string): Reported {
  const { text, encoding } = decodeText(bytes)
  const table = readTable(text)
  if (table.is === 'unreadable') throw new Error(table.why)
  const [first, ...rows] = table.rows
  if (!first) throw new Error('there is no header')
  const head = headIn(first)
  if (!head.namesPeople) throw new Error(JSON.stringify(head.problems))
  const report = rowReport({ head, directory: csvDirectory(people), region, excluded })
  for (const row of rows) report.see(personIn(row, head))
  return {
    kind: head.shape.name,
    encoding,
    counts: report.counts(),
    rows: rows.map((row, index) => {
      const verdict = report.verdictAt(index, personIn(row, head))
      const cells = shownCells(row, head)
      const shown = maskedNumbers({ cells, repaired: verdict.repaired }, head)
      if (verdict.status !== report.statusAt(index)) throw new Error(`line ${row.line} has two statuses`)
      return { ...verdict, line: row.line, shown }
    }),
  }
}

function excluded(person: Person): string | undefined {
  const why = exclusionOf(person, { emergency: new Set(), groups: new Set() })
  return why && sayExclusion(why)
}
