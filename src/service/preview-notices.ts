import { noticeKinds } from '../engine/notice-kinds.ts'
import type { PreviewedKnown } from '../engine/preview-people.ts'
import type { World } from '../engine/world.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { sayDuration } from '../plan/units.ts'
import { groupPart } from './preview-part.ts'
import type { PreviewedStep } from './preview-phones.ts'

/** Who is written to, how often, and how long before the switch; who has no address, and what becomes of them. */
export async function previewNotices(
  _world: World,
  { prepare }: CompiledPlan,
  people: readonly PreviewedKnown[],
  names: number,
): Promise<PreviewedStep | undefined> {
  const notices = prepare?.notices
  if (!notices) return undefined
  const members = people.filter(({ wave }) => wave !== null)
  const withAddress = members.filter(({ mail }) => typeof mail === 'string')
  const [first = 0] = notices.beforeMs
  const kinds = noticeKinds(notices).map(({ notice }) => notice)
  const without =
    notices.unreachable === 'defer'
      ? 'have no mail address, and are left for later'
      : 'have no mail address, and are switched unwritten'
  const groups = [
    groupPart(withAddress, 'have a mail address', names),
    groupPart(
      members.filter(({ mail }) => mail === null),
      without,
      names,
    ),
    groupPart(
      members.filter(({ mail }) => mail === undefined),
      'are not read yet: whether they have a mail address is not known',
      names,
    ),
  ]
  return {
    writes: new Set(withAddress.map(({ person }) => person.id)),
    view: {
      step: 'notices',
      says: `${notices.sender} writes to each member (${kinds.join(', ')}); nobody is switched sooner than ${sayDuration(first)} after their first mail, and answers go to ${notices.contact}.`,
      groups: groups.filter((one) => one.people > 0),
    },
  }
}
