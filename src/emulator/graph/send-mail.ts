import { z } from 'zod'
import { badRequest, GraphError } from './graph-error.ts'
import type { GraphRoute } from './route.ts'
import { onePerson } from './users.ts'

const recipients = z.array(z.object({ emailAddress: z.object({ address: z.string() }) }))

const body = z.strictObject({
  message: z.object({
    subject: z.string(),
    body: z.object({ contentType: z.enum(['Text', 'HTML', 'text', 'html']), content: z.string() }),
    toRecipients: recipients.min(1),
  }),
  saveToSentItems: z.boolean().default(true),
})

/** Exchange looks at the form of an address only; whether anybody is there shows when the mail bounces. */
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

export const SEND_MAIL_ROUTES: GraphRoute[] = [
  {
    method: 'POST',
    path: '/users/:id/sendMail',
    bucket: 'outlook',
    permissions: [['Mail.Send']],
    answer(call) {
      const sender = onePerson(call)
      const { mailFrom } = call.settings
      if (mailFrom && !mailFrom.has(sender.id))
        throw new GraphError(403, 'ErrorAccessDenied', 'Access to OData is disabled.')
      if (sender.mail === null) {
        const message = 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.'
        throw new GraphError(404, 'MailboxNotEnabledForRESTAPI', message)
      }
      const parsed = body.safeParse(call.body)
      if (!parsed.success) throw badRequest("The property 'message' is required.", 'ErrorInvalidRequest')
      const { message, saveToSentItems: saved } = parsed.data
      const to = message.toRecipients.map(({ emailAddress }) => emailAddress.address)
      if (!to.every((address) => ADDRESS.test(address)))
        throw badRequest('At least one recipient is not valid.', 'ErrorInvalidRecipients')
      const { contentType, content } = message.body
      const mail = { subject: message.subject, contentType, content, to, saved }
      call.world.change({ kind: 'sendMail', from: sender.id, mail }, call.hand, call.now)
      return { status: 202 }
    },
  },
]
