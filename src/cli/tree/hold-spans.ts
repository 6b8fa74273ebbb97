import { sayAge } from '../../service/say-age.ts'
import type { HoldView } from '../../service.ts'
import { sayTime } from '../output.ts'
import type { Span } from './flow.ts'

export function holdSpans(hold: HoldView): Span[] {
  const { kind, gate, since, by, reason, liftedBy } = hold
  const about = gate === undefined ? kind : `${kind} (${gate})`
  return [
    { text: `held: ${about}`, style: 'yellow' },
    {
      text: `since ${sayTime(since)} by ${by}: ${reason.replace(/\.$/, '')}. Lifted by ${liftedBy}. Now ${sayAge(hold, sayTime)}.`,
    },
  ]
}
