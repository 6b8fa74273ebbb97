import { expect, test } from 'vitest'
import { inCodePage } from './code-pages.ts'
import { HR_DIRECTORY, HR_EXPORT } from './hr-export.ts'
import { type Reported, reportOf } from './row-report.ts'

function printed({ kind, encoding, counts, rows }: Reported): string {
  const said = Object.entries(counts).map(([status, count]) => `${status} ${count}`)
  const lines = rows.map(({ line, status, cause, why, person, by, shown, warns }) => {
    const who = person ? `${person.upn} by ${by}` : 'nobody'
    const repairs = shown.repaired.map(({ column, from, to }) => `${column}: ${from} → ${to}`)
    const more = [cause && `${cause}: ${why}`, ...repairs, ...warns.map((one) => `(${one})`)]
    return [`${line}`.padStart(2), status, who, ...more.filter((one) => one !== undefined)].join(' | ')
  })
  return `${[`${kind}, read as ${encoding}`, said.join(' · '), ...lines].join('\n')}\n`
}

test('the export of HR: what each row became, and why', async () => {
  const report = reportOf(inCodePage(HR_EXPORT, 'windows-1250'), HR_DIRECTORY)
  expect(report.encoding).toBe('windows-1250')
  expect(report.counts).toEqual({ matched: 1, repaired: 5, needsHuman: 11, shared: 3, notInDirectory: 2 })
  await expect(printed(report)).toMatchFileSnapshot('hr-export.golden.txt')
})

test('no number leaves the report unmasked, and no row is counted twice', () => {
  const report = reportOf(inCodePage(HR_EXPORT, 'windows-1250'), HR_DIRECTORY)
  const { counts, rows } = report
  expect(Object.values(counts).reduce((sum, one) => sum + one)).toBe(rows.length)
  expect(printed(report)).not.toMatch(/777 ?123 ?4|777000000/)
})
