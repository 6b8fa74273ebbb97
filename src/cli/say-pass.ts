import type { Command } from 'commander'
import type { PassView } from '../service.ts'
import { note, sayTime } from './output.ts'

export interface PassOptions {
  lifetime?: string
  manyUses?: boolean
  confirms?: string
  dryRun?: boolean
}

export function passOptions(command: Command): void {
  command
    .option('--lifetime <duration>', 'how long it is good, within the tenant’s policy: 60m, 8h')
    .option('--many-uses', 'good for more than one sign-in, where the tenant’s policy allows that')
    .option('--confirms <person>', 'as the second person, for a directory role: who asked for it')
}

/** Before the pass is made, so that it is read before it is shown. */
export function remindOfIdentity({ dryRun }: PassOptions): void {
  if (dryRun) return
  note(
    'Whoever has the pass is this person to Microsoft. Check first who asks for it, by something only they can show: in person, by video with a badge, or by their manager. Never because of a call or a mail alone.',
  )
}

export function passLines(pass: PassView): string[] {
  const uses = pass.isUsableOnce ? 'one sign-in' : 'any number of sign-ins'
  return [
    `  pass        ${pass.temporaryAccessPass ?? '(shown before)'}`,
    `  good for    ${uses}, ${sayTime(pass.startsAt)} to ${sayTime(pass.endsAt)}`,
    '  with it     https://aka.ms/mysecurityinfo: register a passkey or the Authenticator app before it ends',
  ]
}
