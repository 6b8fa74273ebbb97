import { z } from 'zod'
import { PlanPermissions } from '../src/service.ts'
import { problems } from './answers.ts'
import type { Api, Context } from './context.ts'
import { FilesBody, PlanBody, planText } from './plan-body.ts'

const Given = z.strictObject({ plan: PlanBody, files: FilesBody })

export function planPermissionRoutes(app: Api, { service }: Context): void {
  app.post(
    '/plans/permissions',
    {
      schema: {
        operationId: 'planPermissions',
        tags: ['rollouts'],
        summary: 'The least application permissions a plan needs, per feature, and which are granted',
        description: 'Works without a tenant too; then nothing is said of what is granted.',
        body: Given,
        response: { 200: PlanPermissions, ...problems(404, 413, 415, 422) },
      },
    },
    async ({ body: { plan, files } }) => await service.planPermissions({ text: planText(plan), files }),
  )
}
