import { z } from 'zod'
import { DoctorReport } from '../src/service.ts'
import { problems } from './answers.ts'
import type { Api, Context } from './context.ts'
import { FilesBody, PlanBody, planText } from './plan-body.ts'

const Given = z.strictObject({ plan: PlanBody, files: FilesBody })

export function doctorRoutes(app: Api, { service }: Context): void {
  app.get(
    '/doctor',
    {
      schema: {
        operationId: 'doctor',
        tags: ['health'],
        summary: 'What would be in the way of any plan: machine, credential, tenant; each with its remedy',
        response: { 200: DoctorReport, ...problems() },
      },
    },
    async () => await service.doctor(),
  )
  app.post(
    '/doctor',
    {
      schema: {
        operationId: 'doctorOfPlan',
        tags: ['health'],
        summary: 'The same, and what would be in the way of this plan; nothing is kept or changed',
        body: Given,
        response: { 200: DoctorReport, ...problems(404, 413, 415, 422) },
      },
    },
    async ({ body: { plan, files } }) => await service.doctor({ text: planText(plan), files }),
  )
}
