import type { World } from '../engine/world.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, warningAt } from '../plan/problem.ts'

const AT = ['prepare', 'tokens', 'from']

/** As many rows of one kind as a plan's problems name. */
const SOME = 20

/** What is wrong with a plan's list of tokens, and with whom it names. */
export async function tokensFileFindings(
  world: World,
  plan: CompiledPlan,
  people: readonly { id: string; upn: string }[],
): Promise<Finding[]> {
  const tokens = plan.prepare?.tokens
  if (!tokens) return []
  if (world.secretBox === null) {
    const message =
      'The plan hands out hardware tokens, and the server has no key to seal their secrets with.'
    return [errorAt(AT, 'secretKeyMissing', message, 'Set WAVEGATE_SECRET_KEY on the server.')]
  }
  const { csv, digest } = tokens
  const file = await world.store.read.tokenFile(digest)
  if (!file) {
    const message = `No list of tokens ${digest} has come in, which the plan names as ${csv}.`
    const hint = 'Send it: POST /hardware-tokens; the command line does so by itself.'
    return [errorAt(AT, 'fileMissing', message, hint)]
  }
  const rows = await world.store.read.tokensOf(digest)
  if (rows.length === 0) {
    const message = `${csv} has no token that can be used.`
    return [errorAt(AT, 'csvEmpty', message, 'Correct its rows, or ask the vendor for the list again.')]
  }
  const known = new Set(people.flatMap(({ id, upn }) => [id.toLowerCase(), upn.toLowerCase()]))
  const strangers = rows.filter(({ upn }) => !known.has(upn))
  return [
    ...file.findings
      .slice(0, SOME)
      .map(({ line, code, upn, message, hint }) =>
        warningAt(AT, code, `${csv}:${line}: ${upn || 'nobody'}: ${message}`, hint),
      ),
    ...strangers.slice(0, SOME).map(({ line, upn }) => {
      const message = `${csv}:${line}: ${upn} is nobody in the directory.`
      return warningAt(AT, 'csvPersonMissing', message, 'Check the sign-in name; this token goes to nobody.')
    }),
    ...more(csv, file.findings.length - SOME, strangers.length - SOME),
  ]
}

function more(csv: string, findings: number, strangers: number): Finding[] {
  const count = Math.max(0, findings) + Math.max(0, strangers)
  if (count === 0) return []
  const message = `${csv}: ${count} more rows that nobody gets a token by.`
  return [warningAt(AT, 'csvTokenUnusable', message, 'GET /hardware-tokens/{digest} names the rows.')]
}
