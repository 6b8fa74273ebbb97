import { z } from 'zod'
import { name, percent, whole } from './schema-parts.ts'

/** What the directory says of a person and a plan may select by. */
export const ATTRIBUTES = [
  'department',
  'officeLocation',
  'country',
  'usageLocation',
  'employeeType',
  'companyName',
  'userType',
] as const
export type Attribute = (typeof ATTRIBUTES)[number]

/** userType is left out: whoever is in a wave is a member. */
export const SPREAD_ATTRIBUTES = ATTRIBUTES.filter((attribute) => attribute !== 'userType')

const userType = z.enum(['Member', 'Guest'], { error: 'expects:userType' })
const words = wordOrList(name, 'expects:words')

const filterSchema = z
  .strictObject({
    department: words.optional().describe('The department is this, or one of these.'),
    officeLocation: words.optional().describe('The office is this, or one of these.'),
    country: words.optional().describe('The country is this, or one of these, as the directory writes it.'),
    usageLocation: words.optional().describe('The usage location (two letters) is this, or one of these.'),
    employeeType: words.optional().describe('The employee type is this, or one of these.'),
    companyName: words.optional().describe('The company is this, or one of these.'),
    userType: wordOrList(userType, 'expects:userType').optional().describe('Member, Guest, or both.'),
  })
  .describe('People whom the directory describes so: every attribute that is written has to fit.')

const memberKeys = z
  .strictObject({
    users: z
      .array(name, { error: 'expects:list' })
      .optional()
      .describe('People by sign-in name or object id.'),
    csv: name
      .optional()
      .describe('People by a file beside the plan: a column Username, UPN or id; optionally MFA Status.'),
    group: name.optional().describe('The members of a group, direct or nested.'),
    filter: filterSchema.optional(),
    share: percent
      .optional()
      .describe('A share of all who are left, picked by a stable hash: raising it only adds people.'),
    rest: z
      .literal(true, { error: 'expects:rest' })
      .optional()
      .describe('All who are left, where the wave has a limit as well; without one, write members: rest.'),
    max: whole
      .optional()
      .describe('With csv, group, filter or share: at most this many people. Raising it only adds people.'),
    spread: z
      .enum(SPREAD_ATTRIBUTES, { error: 'expects:spread' })
      .optional()
      .describe(
        'With max, of a csv, group or filter: one person of each department (office, ...), then a second.',
      ),
    maxPerDepartment: percent
      .optional()
      .describe(
        'Never more than this share of a department in this wave, but at least one person; the others go later.',
      ),
    managerApart: z
      .boolean({ error: 'expects:boolean' })
      .optional()
      .describe(
        'True: nobody is in this wave together with their manager; the one later in order goes later.',
      ),
  })
  .meta({
    oneOf: ['users', 'csv', 'group', 'filter', 'share', 'rest'].map((key) => ({ required: [key] })),
  })

export const membersSchema = z
  .union([z.enum(['rest', 'administrators'], { error: 'expects:members' }), memberKeys], {
    error: 'expects:members',
  })
  .describe(
    'Who is in the wave: exactly one of users, csv, group, filter and share, the word rest for all who are left, or the word administrators for those who have a policy of their own.',
  )

export type PlanMembers = z.output<typeof membersSchema>
export type NamedMembers = Exclude<PlanMembers, string>
export type PlanFilter = z.output<typeof filterSchema>

/** Does the wave take all who are left? */
export function takesRest(members: PlanMembers): boolean {
  return members === 'rest' || (members !== 'administrators' && members.rest === true)
}

function wordOrList<T extends z.ZodType>(word: T, error: string) {
  return z.union([word, z.array(word).min(1, { error })], { error })
}
