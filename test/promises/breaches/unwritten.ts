import { type Case, isByUs, nameOf, personChanges, placeOf, type Row, timeOf } from '../case.ts'

const MAIL = /^users\/[^/]+\/sendMail$/

/** (h) Nobody was switched sooner after a notice than it allowed, and no notice went out twice. */
export function unwritten(one: Case): string[] {
  return [...tooSoon(one), ...twice(one)]
}

function tooSoon(one: Case): string[] {
  return personChanges(one)
    .filter(({ towards }) => towards)
    .flatMap(({ entry, personId }) => {
      const at = timeOf(entry)
      const broken = one.records.notices.find(
        (row) => row.person_id === personId && binds(row) && (row.at ?? 0) <= at && at < until(row),
      )
      if (!broken) return []
      return [
        `We put ${nameOf(one, personId)} under MFA ${placeOf(entry)}, sooner than ${broken.notice} allowed.`,
      ]
    })
}

/** The first notice and the last one keep people from being switched for as long as they go ahead. */
function binds({ state, moment, is_first, is_last }: Row<'notice'>): boolean {
  return state === 'accepted' && moment === 'before' && (is_first === 1 || is_last === 1)
}

function until({ at, lead_ms }: Row<'notice'>): number {
  return (at ?? 0) + lead_ms
}

/** As many mails to an address as notices that were asked for. */
function twice({ journal, records }: Case): string[] {
  const sent = journal.filter((entry) => isByUs(entry) && MAIL.test(entry.target))
  const mails = Map.groupBy(sent, (entry) => (entry.after as { to: string[] }).to.join())
  return [...mails].flatMap(([address, some]) => {
    const asked = records.notices.filter((row) => row.address === address && row.asked_at !== null)
    return some.length > asked.length
      ? [`We wrote to ${address} ${some.length} times, and ${asked.length} notices are on record.`]
      : []
  })
}
