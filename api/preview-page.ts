import { type PreviewedView, type PreviewView, sayAbout } from '../src/service.ts'
import { type Html, html } from './html.ts'
import { PREVIEW_STYLE } from './preview-style.ts'

type Wave = PreviewView['waves'][number]
type Spread = Wave['departments']

/** One page that a change board can read: no script, nothing fetched, everything in it when printed. */
export function previewPage(view: PreviewView): string {
  const { plan, at, people } = view
  const change = plan.change === null ? '' : `${plan.change} · `
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${plan.name}: preview</title>
<style>${{ html: PREVIEW_STYLE }}</style>
</head>
<body>
<main>
<h1>${plan.name}</h1>
<p class="head">${change}plan ${plan.planHash.slice(0, 12)} · ${sayTime(at)} · nobody has been touched<br>
${sayTarget(plan)}</p>
<h2>Who can use MFA today</h2>
<p>${people} people are in the directory.</p>
<div class="bar" aria-hidden="true">${view.verdicts.map(({ verdict, people: some }) => html`<i class="${verdict}" style="flex:${String(some)}"></i>`)}</div>
${view.verdicts.map((part) => details(`${part.share}`, `${count(part.people)} ${part.says}`, part))}
${restsOn(view)}
${phones(view)}
<h2>Waves</h2>
<table>
<thead><tr><th scope="col">Wave</th><th scope="col">Takes</th><th scope="col" class="n">People</th><th scope="col" class="n">Ready</th><th scope="col">Departments</th><th scope="col">Offices</th><th scope="col" class="n">With their manager</th><th scope="col" class="n">Pace</th><th scope="col" class="n">Soak</th></tr></thead>
<tbody>
${view.waves.map(waveRow)}</tbody>
</table>
<h2>Never touched by this plan</h2>
${view.untouched.length === 0 ? html`<p>Everybody is in a wave.</p>` : view.untouched.map((part) => details(count(part.people), part.says, part))}
${preparing(view)}${atTheSwitch(view)}
${calls(view)}
${remarks(view)}
</main>
</body>
</html>
`.html
}

function sayTarget({ by, group, policy, strength }: PreviewView['plan']): string {
  if (by === 'per-user-mfa') return 'per-user MFA, each person’s own state'
  return `Conditional Access: group ${group}, policy ${policy}, strength ${strength}`
}

function details(
  number: string,
  says: string,
  { names, more }: { names: readonly PreviewedView[]; more: number },
): Html {
  return html`<details><summary><b>${number}</b> ${says}</summary>
<table><thead><tr><th scope="col">Person</th><th scope="col">Name</th><th scope="col">Wave</th><th scope="col">Why</th><th scope="col">By</th></tr></thead>
<tbody>
${names.map(personRow)}</tbody></table>
${more > 0 && html`<p>and ${more} more; the CSV of this preview names everybody</p>`}</details>
`
}

function personRow({ upn, displayName, wave, why, source, at }: PreviewedView): Html {
  return html`<tr><td>${upn}</td><td>${displayName}</td><td>${wave ?? '–'}</td><td>${why}</td><td>${source}, ${sayTime(at)}</td></tr>
`
}

function restsOn({ facts }: PreviewView): Html {
  const rows = facts.sources.map(
    ({ from, source, readAt, why }) =>
      html`<tr><td>${from} (${source})</td><td>${readAt === null ? 'never' : sayTime(readAt)}</td><td>${why ?? ''}</td></tr>
`,
  )
  const isPartial = facts.gathering || facts.sources.some(({ readAt }) => readAt === null)
  return html`${isPartial && html`<p class="note">Not everything is known yet: ${facts.says}. Directory and registrations are as they are now; what else is missing makes people unknown, never ready.</p>`}
<details><summary>What this rests on, and how old it is</summary>
<table><thead><tr><th scope="col">Source</th><th scope="col">Read to its end</th><th scope="col">Why not</th></tr></thead><tbody>
${rows}</tbody></table></details>
`
}

function phones({ phoneOnly }: PreviewView): Html {
  if (phoneOnly.length === 0) return html``
  return html`<h2>Ready only until text messages and calls end</h2>
${phoneOnly.map(
  ({ until, days, people, inWaves, says, source, sourceDay, wayOut }) =>
    html`<p><b>${people} people, ${days} days</b> (until ${until.slice(0, 10)}; ${inWaves} of them in waves). ${says}. ${wayOut} <small>Source: ${source}, ${sourceDay}</small></p>
`,
)}`
}

function waveRow(wave: Wave): Html {
  const { name, takes, people, verdicts, departments, offices, withManager, paceMs, soakMs } = wave
  return html`<tr><th scope="row">${name}</th><td>${takes}</td><td class="n">${people}</td><td class="n">${(verdicts.ready ?? 0) + (verdicts.readyUntil ?? 0)}</td><td>${saySpread(departments)}</td><td>${saySpread(offices)}</td><td class="n">${withManager ?? 'not known'}</td><td class="n">${paceMs === 0 ? 'at once' : sayAbout(paceMs)}</td><td class="n">${sayAbout(soakMs)}</td></tr>
`
}

function saySpread({ largest, values, without }: Spread): string {
  const shown = largest.map(({ value, people }) => `${value} ${count(people)}`)
  if (values > largest.length) shown.push(`and ${values - largest.length} more`)
  if (without > 0) shown.push(`none given ${count(without)}`)
  return shown.join(', ')
}

function preparing({ preparing: steps }: PreviewView): Html {
  if (steps.length === 0) return html``
  return html`<h2>Before the switch</h2>
${steps.map(
  ({ step, says, groups, warnings = [] }) => html`<h3>${step}</h3>
<p>${says}</p>
${[...groups, ...warnings].map((part) => details(count(part.people), part.says, part))}`,
)}`
}

function atTheSwitch({ sessions }: PreviewView): Html {
  if (sessions.length === 0) return html``
  return html`
<h2>At the switch</h2>
${sessions.map((says) => html`<p>${says}</p>`)}`
}

function calls({ calls: { share, rows, limits } }: PreviewView): Html {
  const body = rows.map(
    ({ what, wave, calls: number, atLeast, ms }) =>
      html`<tr><td>${wave ?? 'all'}</td><td>${what}</td><td class="n">${atLeast && 'at least '}${number}</td><td class="n">${sayAbout(ms)}</td></tr>
`,
  )
  const totals = limits.map(
    ({ says, units, ms }) =>
      html`<tr><td>${says}</td><td class="n">${units}</td><td class="n">${sayAbout(ms)}</td></tr>
`,
  )
  return html`<h2>Calls and hours under Microsoft’s limits</h2>
<table><caption>What each limit allows, of which ${Math.round(share * 100)} % are used; limits are used side by side</caption>
<thead><tr><th scope="col">Limit</th><th scope="col" class="n">Used</th><th scope="col" class="n">Takes</th></tr></thead><tbody>
${totals}</tbody></table>
<details><summary>Call by call</summary>
<table><thead><tr><th scope="col">Wave</th><th scope="col">Calls</th><th scope="col" class="n">How many</th><th scope="col" class="n">Takes</th></tr></thead><tbody>
${body}</tbody></table></details>
`
}

function remarks({ findings, problems }: PreviewView): Html {
  if (findings.length + problems.length === 0) return html``
  return html`<h2>What to know before</h2>
<ul>
${findings.map(
  ({ finding, says }) => html`<li>${says} <small>(${finding}: an approver accepts it by name)</small></li>
`,
)}${problems.map(
  ({ message, hint, line }) => html`<li>${message} ${hint} <small>(line ${line} of the plan)</small></li>
`,
)}</ul>
`
}

function count(people: number): string {
  return people.toLocaleString('en')
}

function sayTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`
}
