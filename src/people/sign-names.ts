/** A word in a name, and how much it says. */
export interface TellingName {
  /** As the first part of a sign-in name, or anywhere in a sign-in or display name, between other characters than letters. */
  where: 'begins' | 'anywhere'
  words: readonly string[]
  points: number
}

/**
 * Words by which organisations name accounts that are no people: what begins a sign-in name so says it nearly by
 * itself, what stands in it somewhere only beside something else. German, Danish, Polish and French words among them.
 */
export const TELLING_NAMES: readonly TellingName[] = [
  {
    where: 'begins',
    points: 3,
    words: [
      ...['svc', 'service', 'sa', 'srv', 'sync', 'adsync', 'aadsync', 'noreply', 'no-reply', 'donotreply'],
      ...[
        'scanner',
        'scan',
        'scan2mail',
        'printer',
        'print',
        'mfp',
        'copier',
        'kopierer',
        'drucker',
        'imprimante',
      ],
      ...['robot', 'bot', 'rpa', 'backup', 'monitoring', 'alerts', 'batch', 'smtp', 'relay', 'kiosk'],
      ...['room', 'conf', 'meetingroom', 'equipment', 'mailbox', 'shared', 'healthmailbox'],
    ],
  },
  {
    where: 'anywhere',
    points: 2,
    words: [
      ...['service', 'synchronization', 'synchronisation', 'scanner', 'printer', 'mailbox', 'shared', 'room'],
      ...['meetingroom', 'equipment', 'booking', 'reception', 'rezeption', 'empfang', 'kiosk', 'terminal'],
      ...['info', 'office', 'helpdesk', 'support', 'invoice', 'invoices', 'rechnung', 'faktura', 'accounts'],
      ...[
        'webmaster',
        'postmaster',
        'newsletter',
        'jobs',
        'career',
        'fax',
        'camera',
        'device',
        'automation',
        'integration',
      ],
    ],
  },
]

/** How programs that no person sits before name themselves in the sign-in log. */
export const SCRIPT_AGENTS: readonly RegExp[] = [
  /python|aiohttp|\brequests\//i,
  /powershell/i,
  /\bcurl\/|\bwget\//i,
  /go-http-client|okhttp|apache-httpclient|^java\//i,
  /axios|node-fetch|undici|\bnode\//i,
  /postman|insomnia|restsharp|libwww|\bperl/i,
]
