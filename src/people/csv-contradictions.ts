import type { CompiledWave } from '../plan/compiled-plan.ts'
import type { Finding } from '../plan/problem.ts'
import { type Line, nameOf, some } from './csv-findings.ts'
import type { RowMatch } from './csv-matches.ts'
import { PHONE_TYPES, readPhone } from './phone-number.ts'
import { maskedPhone } from './phone-words.ts'

type Said = { file: string; line: number; number: string }

/** Where two rows, of one file or of two, give the same person different numbers. */
export function contradictions(
  read: readonly { wave: CompiledWave; matches: readonly RowMatch[] }[],
): Finding[] {
  const said = new Map<string, Said>()
  return read.flatMap(({ wave, matches }) => {
    const file = nameOf(wave)
    const lines: Line[] = []
    for (const match of matches) {
      const person = match.is === 'matched' || match.is === 'twice' ? match.person : undefined
      if (person === undefined) continue
      for (const type of PHONE_TYPES) {
        const { line } = match.row
        const reading = readPhone(match.row[type], { type, region: person.usageLocation })
        if (reading.is !== 'ok' && reading.is !== 'repaired') continue
        const { number } = reading
        const key = `${type} ${person.id}`
        const before = said.get(key)
        if (before === undefined) said.set(key, { file, line, number })
        else if (before.number !== number) {
          const other = `${before.file}:${before.line} (${maskedPhone(before.number)})`
          const text = `the ${type} number of ${person.upn} is ${maskedPhone(number)} here and another in ${other}`
          lines.push({ line, text })
        }
      }
    }
    return some(wave, 'csvContradiction', lines, 'One of the two is wrong; ask the person, and correct it.')
  })
}
