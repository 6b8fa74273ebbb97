import { NoticesView } from '../src/service.ts'
import { PersonAt, problems } from './answers.ts'
import type { Api, Context } from './context.ts'

export function noticeRoutes(app: Api, { service }: Context): void {
  app.get(
    '/rollouts/:id/people/:person/notices',
    {
      schema: {
        operationId: 'previewNotices',
        tags: ['people'],
        summary:
          'Every mail the plan sends one person, word by word: when, to which address, and what came of it; nothing is sent',
        params: PersonAt,
        response: { 200: NoticesView, ...problems(404, 409) },
      },
    },
    async (request) => service.notices(request.params.id, request.params.person),
  )
}
