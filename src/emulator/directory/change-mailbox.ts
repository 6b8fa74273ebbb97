import type { Hand } from '../journal.ts'
import type { ChangeContext } from './change-context.ts'

/** A mail as it left a mailbox. */
export interface Mail {
  subject: string
  contentType: string
  content: string
  to: string[]
  saved: boolean
}

/** Takes a mail on. Whether it arrives is another matter. */
export function sendMail(context: ChangeContext, from: string, mail: Mail, hand: Hand, now: number): void {
  context.next()
  context.journal.add(now, hand, `users/${from}/sendMail`, null, mail)
}
