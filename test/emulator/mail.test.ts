import { expect, test } from 'vitest'
import { rentTenant } from './rented-tenant.ts'

const SENDER = 'it@contoso.com'

function mail(address: string, more: object = {}) {
  const message = {
    subject: 'Your sign-in',
    body: { contentType: 'HTML', content: '<p>Hello</p>' },
    toRecipients: [{ emailAddress: { address } }],
  }
  return { method: 'POST', body: { message, saveToSentItems: false, ...more } }
}

test('a mail is accepted with 202 and journaled; whether it arrives is not said', async () => {
  const { graph, tenant, journal } = await rentTenant()
  tenant.world.hire({ userPrincipalName: SENDER, displayName: 'IT Service' })
  const { seq } = (await journal()).at(-1)
  const sent = await graph(`/v1.0/users/${SENDER}/sendMail`, mail('nobody@elsewhere.example'))
  expect(sent.status).toBe(202)
  expect(await journal(seq)).toMatchObject([
    {
      actor: 'app',
      target: `users/${tenant.world.person(SENDER).id}/sendMail`,
      after: {
        subject: 'Your sign-in',
        content: '<p>Hello</p>',
        to: ['nobody@elsewhere.example'],
        saved: false,
      },
    },
  ])
})

test('an address of no form, a sender without a mailbox, one that may not send and no permission are refused', async () => {
  const { graph, tenant, journal } = await rentTenant()
  const { world } = tenant
  world.hire({ userPrincipalName: SENDER, displayName: 'IT Service' })
  const path = `/v1.0/users/${SENDER}/sendMail`
  const before = (await journal()).length
  const code = async (given: ReturnType<typeof mail>) => {
    const { status, body } = await graph(path, given)
    return [status, body.error.code]
  }
  expect(await code(mail('no address'))).toEqual([400, 'ErrorInvalidRecipients'])
  expect(await code({ method: 'POST', body: {} as never })).toEqual([400, 'ErrorInvalidRequest'])
  world.restrictMail([])
  expect(await code(mail('a@contoso.com'))).toEqual([403, 'ErrorAccessDenied'])
  world.restrictMail([SENDER])
  expect((await graph(path, mail('a@contoso.com'))).status).toBe(202)
  world.patchUser(SENDER, { mail: null })
  expect(await code(mail('a@contoso.com'))).toEqual([404, 'MailboxNotEnabledForRESTAPI'])
  world.permissions.delete('Mail.Send')
  expect(await code(mail('a@contoso.com'))).toEqual([403, 'Authorization_RequestDenied'])
  expect((await graph('/v1.0/users/who@contoso.com/sendMail', mail('a@contoso.com'))).status).toBe(403)
  expect((await journal()).length).toBe(before + 2)
})

test('a mailbox takes ten thousand mails in ten minutes, and says when to come again', async () => {
  const { graph, tenant } = await rentTenant()
  tenant.world.hire({ userPrincipalName: SENDER, displayName: 'IT Service' })
  tenant.world.setOtherLoad({ outlook: 20_000 })
  const { status, headers } = await graph(`/v1.0/users/${SENDER}/sendMail`, mail('a@contoso.com'))
  expect(status).toBe(429)
  expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0)
})
