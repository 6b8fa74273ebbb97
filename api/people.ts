import { PersonView } from '../src/service.ts'
import { PersonAt, problems } from './answers.ts'
import type { Api, Context } from './context.ts'

export function peopleRoutes(app: Api, { service }: Context): void {
  app.get(
    '/rollouts/:id/people/:person',
    {
      schema: {
        operationId: 'showPerson',
        tags: ['people'],
        summary:
          'One person of a rollout: asked, in place, proven, locked out, taken back, since when, and whether it is us',
        params: PersonAt,
        response: { 200: PersonView, ...problems(404) },
      },
    },
    async (request) => service.member(request.params.id, request.params.person),
  )
}
