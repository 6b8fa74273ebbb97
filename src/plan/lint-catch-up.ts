import { errorAt, type Finding } from './problem.ts'
import type { Plan } from './schema.ts'
import { durationMs } from './units.ts'

/** Rounds after the last wave: a name of their own, a time between them, and there where newcomers are sent to them. */
export function lintCatchUp({ catchUp, tenant, waves }: Plan): Finding[] {
  if (catchUp === undefined) {
    if (tenant.newJoiners !== 'catch-up') return []
    const message = 'Newcomers go to the catch-up, and the plan has none.'
    const hint = 'Add catchUp: { name: leftovers, every: 7d }, or write newJoiners: last-wave.'
    return [errorAt(['tenant', 'newJoiners'], 'catchUpMissing', message, hint)]
  }
  const findings: Finding[] = []
  const taken = waves.find(({ name }) => isRoundName(catchUp.name, name))
  if (taken) {
    const message = `The wave ${taken.name} has the name of a round of the catch-up.`
    const hint = 'Give the catch-up a name of its own, such as leftovers.'
    findings.push(errorAt(['catchUp', 'name'], 'duplicateWaveName', message, hint))
  }
  if (durationMs(catchUp.every) === 0) {
    const hint = 'Write a duration above zero, such as 7d.'
    findings.push(errorAt(['catchUp', 'every'], 'durationZero', `${catchUp.every} is no time at all.`, hint))
  }
  return findings
}

function isRoundName(catchUp: string, wave: string): boolean {
  return wave === catchUp || (wave.startsWith(`${catchUp}-`) && /^\d+$/.test(wave.slice(catchUp.length + 1)))
}
