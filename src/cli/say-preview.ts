import { sayAbout } from '../plan/units.ts'
import type { PreviewView } from '../service.ts'
import { sayTime, sayTimeOr, tableText } from './output.ts'

type Part = Pick<PreviewView['verdicts'][number], 'people' | 'says' | 'names' | 'more'>
type Spread = PreviewView['waves'][number]['departments']

/** The preview of a plan as text: the numbers, each with its first names. */
export function previewLines(view: PreviewView): string[] {
  return [
    ...head(view),
    ...view.verdicts.flatMap((part) => partLines(part, `${part.share.padStart(9)}  `)),
    ...factLines(view),
    ...phoneLines(view),
    '',
    'WAVES',
    ...waveLines(view),
    '',
    'NEVER TOUCHED BY THIS PLAN',
    ...view.untouched.flatMap((part) => partLines(part, '  ')),
    ...preparingLines(view),
    ...sessionLines(view),
    '',
    'CALLS AND HOURS UNDER MICROSOFT’S LIMITS',
    ...callLines(view),
    ...remarkLines(view),
  ]
}

function head({ plan, at, people }: PreviewView): string[] {
  const change = plan.change === null ? '' : `${plan.change}, `
  const target =
    plan.by === 'per-user-mfa'
      ? 'per-user MFA, each person’s own state'
      : `Conditional Access: group ${plan.group}, policy ${plan.policy}, strength ${plan.strength}`
  return [
    `${plan.name} (${change}plan ${plan.planHash.slice(0, 12)}), ${sayTime(at)}: nobody has been touched`,
    target,
    '',
    `WHO CAN USE MFA TODAY, of ${people} people in the directory`,
  ]
}

function partLines({ people, says, names, more }: Part, before: string): string[] {
  const lines = names.map(
    ({ upn, wave, why }) => `${' '.repeat(13)}${upn}${wave === null ? '' : ` [${wave}]`}: ${why}`,
  )
  if (more > 0 && names.length > 0) lines.push(`${' '.repeat(13)}and ${more} more`)
  return [`${before}${people} ${says}`, ...lines]
}

function factLines({ facts: { sources, gathering, says } }: PreviewView): string[] {
  const ages = sources.map(({ source, readAt, why }) =>
    why === null ? `${source} ${sayTimeOr(readAt, 'never')}` : `${source}: ${why}`,
  )
  const isPartial = gathering || sources.some(({ readAt }) => readAt === null)
  const partial = isPartial
    ? [`  Not everything is known yet (${says}): what is missing makes people unknown, never ready.`]
    : []
  return [...partial, `  read: ${ages.join(', ')}`]
}

function phoneLines({ phoneOnly }: PreviewView): string[] {
  if (phoneOnly.length === 0) return []
  return [
    '',
    'READY ONLY UNTIL TEXT MESSAGES AND CALLS END',
    ...phoneOnly.flatMap(({ until, days, people, inWaves, says, source, sourceDay, wayOut }) => [
      `  ${people} people, ${days} days, until ${until.slice(0, 10)}; ${inWaves} of them in waves`,
      `  ${says} (${source}, ${sourceDay}).`,
      `  ${wayOut}`,
    ]),
  ]
}

function waveLines({ waves }: PreviewView): string[] {
  const rows = waves.map(({ name, takes, people, verdicts, withManager, paceMs, soakMs }) => [
    name,
    takes,
    String(people),
    String((verdicts.ready ?? 0) + (verdicts.readyUntil ?? 0)),
    withManager === null ? '–' : String(withManager),
    paceMs === 0 ? 'at once' : sayAbout(paceMs),
    sayAbout(soakMs),
  ])
  const spread = waves
    .filter(({ people }) => people > 0)
    .flatMap(({ name, departments, offices }) => [
      `  ${name}: departments ${saySpread(departments)}`,
      `  ${name}: offices ${saySpread(offices)}`,
    ])
  return [
    tableText(['WAVE', 'TAKES', 'PEOPLE', 'READY', 'WITH THEIR MANAGER', 'PACE', 'SOAK'], rows),
    ...spread,
  ]
}

function saySpread({ largest, values, without }: Spread): string {
  const shown = largest.map(({ value, people }) => `${value} ${people}`)
  if (values > largest.length) shown.push(`and ${values - largest.length} more`)
  if (without > 0) shown.push(`none given ${without}`)
  return shown.join(', ')
}

function preparingLines({ preparing }: PreviewView): string[] {
  if (preparing.length === 0) return []
  return [
    '',
    'BEFORE THE SWITCH',
    ...preparing.flatMap(({ step, says, groups, warnings = [] }) => [
      `  ${step}: ${says}`,
      ...[...groups, ...warnings].flatMap((part) => partLines(part, '    ')),
    ]),
  ]
}

function sessionLines({ sessions }: PreviewView): string[] {
  return sessions.length === 0 ? [] : ['', 'AT THE SWITCH', ...sessions.map((says) => `  ${says}`)]
}

function callLines({ calls: { share, rows, limits } }: PreviewView): string[] {
  const each = rows.map(({ what, wave, calls, atLeast, ms }) => [
    wave ?? 'all',
    what,
    `${atLeast ? 'at least ' : ''}${calls}`,
    sayAbout(ms),
  ])
  return [
    tableText(['WAVE', 'CALLS', 'HOW MANY', 'TAKES'], each),
    `  ${Math.round(share * 100)} % of each limit are used; limits are used side by side:`,
    ...limits.map(({ says, units, ms }) => `  ${says}: ${units}, ${sayAbout(ms)}`),
  ]
}

function remarkLines({ findings, problems }: PreviewView): string[] {
  if (findings.length + problems.length === 0) return []
  return [
    '',
    'WHAT TO KNOW BEFORE',
    ...findings.map(({ finding, says }) => `  ${says} (${finding}: an approver accepts it by name)`),
    ...problems.map(({ code, message, hint, line }) => `  line ${line}, ${code}: ${message} ${hint}`),
  ]
}
