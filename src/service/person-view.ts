import { z } from 'zod'
import { IsItUsView } from './person-is-it-us.ts'
import { PreparationOfPerson } from './preparation-view.ts'
import { MemberView } from './views.ts'

/** One person with everything that is known of them in a rollout; each section has its own file. */
export const PersonView = MemberView.extend({
  wave: z.string(),
  isItUs: IsItUsView,
  preparations: z.array(PreparationOfPerson).describe('what was done before the switch, step by step'),
})
export type PersonView = z.infer<typeof PersonView>
