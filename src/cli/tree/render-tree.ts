import type { RolloutView, WaveView } from '../../service.ts'
import { sayTime } from '../output.ts'
import { type FlowOptions, flow, type Span } from './flow.ts'
import { holdSpans } from './hold-spans.ts'
import { waveDetails } from './wave-details.ts'
import { HELD, PHASE_LOOKS, ROLLOUT_WORDS, WAVE_LOOKS } from './words.ts'

/** The status tree. Symbols only repeat what stands in words beside them, so that it reads well aloud and uncoloured. */
export function renderTree(view: RolloutView, options: FlowOptions): string {
  const { waves } = view
  const nameWidth = Math.max(0, ...waves.map(({ name }) => name.length))
  const stateWidth = Math.max(0, ...waves.map((wave) => stateOf(wave).length))
  const lines = head(view, options)
  for (const [index, wave] of waves.entries()) {
    const isLast = index === waves.length - 1
    const below = isLast ? '   ' : '│  '
    lines.push(...flow(isLast ? '└─ ' : '├─ ', `${below}  `, waveHead(wave, nameWidth, stateWidth), options))
    for (const detail of waveDetails(wave)) lines.push(...flow(`${below}  `, `${below}    `, detail, options))
  }
  return [...lines, ...foot(view, options)].join('\n')
}

function head(view: RolloutView, options: FlowOptions): string[] {
  const { symbol, style } = PHASE_LOOKS[view.phase]
  const title: Span[] = [
    { text: symbol, style },
    { text: view.name, style: 'bold' },
    { text: `(${view.change}, ${view.id}):` },
    { text: ROLLOUT_WORDS[view.state] },
    { text: `– ${view.phase}`, style },
  ]
  const { group, policy } = view.target
  const started = view.startedBy === null ? '' : ` · started by ${view.startedBy}`
  const about = `group “${group}” · policy “${policy}” · plan ${view.planHash.slice(0, 12)} · created by ${view.createdBy}${started} · seen ${sayTime(view.now)}`
  return [
    ...flow('', '  ', title, options),
    ...flow('  ', '  ', [{ text: about, style: 'dim' }], options),
    ...view.holds.flatMap((hold) => flow('  ', '    ', holdSpans(hold), options)),
    ...view.findings.flatMap((found) => flow('  ', '    ', [{ text: sayFinding(found) }], options)),
  ]
}

function sayFinding({ finding, says, accepted }: RolloutView['findings'][number]): string {
  const by = accepted ? `accepted by ${accepted.by}: ${accepted.reason}` : 'not accepted'
  return `${finding} (${by}): ${says}`
}

function waveHead(wave: WaveView, nameWidth: number, stateWidth: number): Span[] {
  const look = wave.holds.length > 0 ? HELD : WAVE_LOOKS[wave.state]
  return [
    { text: look.symbol, style: look.style },
    { text: wave.name.padEnd(nameWidth) },
    { text: ` ${stateOf(wave).padEnd(stateWidth)}`, style: look.style },
    { text: ` ${sayCounts(wave)}` },
  ]
}

function stateOf({ state, holds }: WaveView): string {
  const { words } = WAVE_LOOKS[state]
  return holds.length === 0 ? words : `${words}, held`
}

function sayCounts({ state, counts }: WaveView): string {
  if (counts.members === 0)
    return state === 'pending' ? 'its people are counted when it begins' : 'nobody is in it'
  const rest = [
    [counts.already, 'already before'],
    [counts.proven, 'proven'],
    [counts.pending, 'to go'],
    [counts.deferred - counts.away, 'deferred'],
    [counts.away, 'away'],
    [counts.failed, 'failed'],
    [counts.unknown, 'unknown'],
    [counts.skipped, 'skipped'],
    [counts.gone, 'gone'],
    [counts.restored, 'taken back'],
    [counts.moved, 'in a later wave'],
  ] as const
  const said = rest.filter(([count]) => count > 0).map(([count, word]) => `, ${count} ${word}`)
  return `${counts.inPlace} of ${counts.members} in place${said.join('')}`
}

function foot(view: RolloutView, options: FlowOptions): string[] {
  const lines: string[] = []
  if (view.leftOut.length > 0) {
    const said = view.leftOut.map(({ reason, people }) => `${people} ${reason}`).join(', ')
    lines.push(...flow('  ', '    ', [{ text: `in no wave: ${said}` }], options))
  }
  if (view.leftovers > 0) {
    const said = `not under MFA by this rollout: ${view.leftovers} ${view.leftovers === 1 ? 'person' : 'people'} (rollout leftovers ${view.id} names them)`
    lines.push(...flow('  ', '    ', [{ text: said }], options))
  }
  if (view.nextLookAt !== null) {
    const said = `looks again who is left over: ${sayTime(view.nextLookAt)}`
    lines.push(...flow('  ', '    ', [{ text: said }], options))
  }
  const possible = view.possible.length === 0 ? 'nothing' : view.possible.join(', ')
  lines.push(...flow('  ', '    ', [{ text: `possible now: ${possible}`, style: 'dim' }], options))
  return lines
}
