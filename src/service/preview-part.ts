import { type Previewed, sayPart } from '../people/preview-shares.ts'
import type { PreviewedView } from './preview-view.ts'
import { time, timeOrNull } from './views.ts'

/** One person of a preview with the first reason of their verdict. */
export function previewedView({ person, wave, verdict }: Previewed): PreviewedView {
  const [first] = verdict.reasons
  return {
    personId: person.id,
    upn: person.upn,
    displayName: person.displayName,
    wave,
    verdict: verdict.is,
    until: timeOrNull(verdict.until ?? null),
    why: first?.says ?? '',
    source: first?.source ?? '',
    at: time(first?.at ?? 0),
  }
}

/** People of whom the same is said, the first of them by name; `all`: what they are a share of. */
export function previewPart(people: readonly Previewed[], says: string, names: number, all: number) {
  return {
    people: people.length,
    share: sayPart(people.length, all),
    says,
    names: people.slice(0, names).map(previewedView),
    more: Math.max(0, people.length - names),
  }
}

/** The same where it is no share of anything. */
export function groupPart(people: readonly Previewed[], says: string, names: number) {
  const { share: _share, ...part } = previewPart(people, says, names, people.length)
  return part
}
