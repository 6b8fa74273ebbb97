import { simulatedClock } from '../src/clock/simulated-clock.ts'
import { trust } from '../src/demo/trust.ts'
import { startTenant, type Tenant } from '../src/emulator/tenant.ts'
import { type Calls, countCalls } from './calls.ts'

/**
 * What today's scripts do, on the same tenant: add each person by a call of its own and go on when it is answered. A kind
 * script: it waits as long as a 429 says, and asks again. It keeps no before-image and reads nothing back.
 */
export async function addOneByOne(
  size: number,
  people: number,
): Promise<{ calls: Calls; added: number; virtualMs: number }> {
  const clock = simulatedClock({ start: Date.parse('2026-11-30T07:00:00Z') })
  const tenant = await startTenant({ clock, people: size })
  trust(tenant.ca)
  const headers = { authorization: `Bearer ${await tokenOf(tenant)}`, 'content-type': 'application/json' }
  const group = tenant.world.group('MFA required').id
  const url = `${tenant.tenant}/v1.0/groups/${group}/members/$ref`
  const ids = tenant.world.people.filter(({ kind }) => kind === 'member').slice(0, people)
  const { calls, stop } = countCalls(tenant.tenant)
  const began = clock.now()
  let added = 0
  for (const { id } of ids) {
    const body = JSON.stringify({ '@odata.id': `${tenant.tenant}/v1.0/directoryObjects/${id}` })
    for (;;) {
      const answer = await fetch(url, { method: 'POST', headers, body })
      await answer.arrayBuffer()
      if (answer.status !== 429) {
        if (!answer.ok) throw new Error(`${answer.status} for ${id}`)
        added++
        break
      }
      await clock.sleep(Number(answer.headers.get('retry-after') ?? 10) * 1000)
    }
  }
  stop()
  clock.stop()
  await tenant.close()
  return { calls, added, virtualMs: clock.now() - began }
}

export async function tokenOf({ authority, tenantId, clientId, clientSecret }: Tenant): Promise<string> {
  const answer = await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}
