import { z } from 'zod'
import { NoticeOfPerson } from './notices-view.ts'
import { IsItUsView } from './person-is-it-us.ts'
import { QuestionView } from './person-questions.ts'
import { PreparationOfPerson } from './preparation-view.ts'
import { SessionsOfPerson } from './sessions-view.ts'
import { MemberView } from './views.ts'

/** One person with everything that is known of them in a rollout; each section has its own file. */
export const PersonView = MemberView.extend({
  wave: z.string(),
  isItUs: IsItUsView,
  notices: z.array(NoticeOfPerson).describe('mails to the person, wave by wave'),
  preparations: z.array(PreparationOfPerson).describe('what was done before the switch, step by step'),
  questions: z.array(QuestionView).describe('what was asked of an owner about the account'),
  sessions: SessionsOfPerson.nullable().describe(
    'whether their sessions were ended; null: nobody was asked to',
  ),
})
export type PersonView = z.infer<typeof PersonView>
