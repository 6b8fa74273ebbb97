import type { Routine } from './routine.ts'

/** A program that signs in without a second factor, as the log names it. */
export type LegacyClient = 'Authenticated SMTP' | 'IMAP4' | 'POP3' | 'Exchange ActiveSync'

export type Client = 'modern' | LegacyClient

/** Service accounts send mail by a protocol that knows no second factor; so do the old mail programs of some people. */
export function clientOf({ person, stage }: Routine): Client {
  if (person.kind === 'service') return 'Authenticated SMTP'
  const { legacyClient, device } = person.habit
  return legacyClient && (device || stage === 'touching') ? legacyClient : 'modern'
}

/** What Conditional Access calls it. */
export function clientAppTypes(client: Client): readonly string[] {
  if (client === 'modern') return ['browser', 'mobileAppsAndDesktopClients']
  return client === 'Exchange ActiveSync' ? ['exchangeActiveSync', 'easSupported'] : ['other']
}
