import { z } from 'zod'
import { CAMPAIGN_METHODS, type Campaign, type CampaignTarget } from '../directory/campaign.ts'
import type { Directory } from '../directory/directory.ts'
import { badRequest } from './graph-error.ts'

const type = z.string().optional()
const target = z.strictObject({
  '@odata.type': type,
  id: z.string().min(1),
  targetType: z.enum(['group', 'user']),
})
const included = target.extend({ targetedAuthenticationMethod: z.string().min(1) })

const campaign = z.strictObject({
  '@odata.type': type,
  state: z.enum(['default', 'enabled', 'disabled']).optional(),
  snoozeDurationInDays: z.int().min(0).max(14).optional(),
  includeTargets: z.array(included).optional(),
  excludeTargets: z.array(target).optional(),
})
const betaCampaign = campaign.extend({ enforceRegistrationAfterAllowedSnoozes: z.boolean().optional() })

const patchOf = (inner: typeof campaign | typeof betaCampaign) =>
  z.strictObject({
    '@odata.type': type,
    registrationEnforcement: z.strictObject({
      '@odata.type': type,
      authenticationMethodsRegistrationCampaign: inner,
    }),
  })
const PATCH = { beta: patchOf(betaCampaign), v1: patchOf(campaign) }

/** As a version shows it. */
export function campaignBody(campaign: Campaign, beta: boolean) {
  const { enforceRegistrationAfterAllowedSnoozes, ...known } = campaign
  const shown = beta ? { ...known, enforceRegistrationAfterAllowedSnoozes } : known
  return { authenticationMethodsRegistrationCampaign: shown }
}

/** What a PATCH of the policy sets; a property that is not named stays. */
export function readCampaignPatch(directory: Directory, body: unknown, beta: boolean): Partial<Campaign> {
  const read = PATCH[beta ? 'beta' : 'v1'].safeParse(body)
  if (!read.success)
    throw badRequest(read.error.issues[0]?.message ?? 'The policy is malformed.', 'BadRequest')
  const { '@odata.type': _, ...given } =
    read.data.registrationEnforcement.authenticationMethodsRegistrationCampaign
  const bare = (list: CampaignTarget[]) => list.map(({ id, targetType }) => ({ id, targetType }))
  const targets = given.includeTargets?.map(({ '@odata.type': _type, ...one }) => one)
  const patch: Partial<Campaign> = {
    ...given,
    ...(targets && { includeTargets: targets }),
    ...(given.excludeTargets && { excludeTargets: bare(given.excludeTargets) }),
  } as Partial<Campaign>
  refuseStrange(directory, patch)
  return patch
}

function refuseStrange(
  directory: Directory,
  { includeTargets = [], excludeTargets = [] }: Partial<Campaign>,
) {
  const methods = new Set(includeTargets.map((one) => one.targetedAuthenticationMethod.toLowerCase()))
  if (methods.size > 1)
    throw badRequest('A registration campaign targets one authentication method.', 'BadRequest')
  if ([...methods].some((method) => !(method in CAMPAIGN_METHODS)))
    throw badRequest('The targeted authentication method is not supported.', 'BadRequest')
  for (const { id, targetType } of [...includeTargets, ...excludeTargets]) {
    const isThere = targetType === 'user' ? directory.personById.has(id) : directory.groups.has(id)
    if (!isThere && !(targetType === 'group' && id === 'all_users'))
      throw badRequest(`The target ${id} does not exist.`, 'BadRequest')
  }
}
