import { type Finding, warningAt } from './problem.ts'
import type { Plan } from './schema.ts'

/** People are to be asked before their wave, and join the group of the policy with it. */
export function lintPrepareCampaign({ prepare, enforce }: Plan): Finding[] {
  const group = prepare?.campaign?.group
  if (group === undefined || group.toLowerCase() !== enforce.group?.toLowerCase()) return []
  const message = `People join ${group} when they are switched: the campaign would ask nobody before that.`
  const hint = 'Name a group that holds them before their wave, or all_users.'
  return [warningAt(['prepare', 'campaign', 'group'], 'keyWithoutEffect', message, hint)]
}
