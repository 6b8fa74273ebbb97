import { z } from 'zod'

const at = z.number().describe('When it was read, milliseconds since the epoch.')
const text = z.string().optional()

export const licenceSchema = z.enum(['none', 'P1', 'P2', 'unknown'])
export type Licence = z.infer<typeof licenceSchema>

const accountSchema = z.strictObject({
  at,
  upn: z.string(),
  displayName: z.string(),
  accountEnabled: z.boolean(),
  userType: z.enum(['Member', 'Guest']),
  mail: text,
  department: text,
  managerId: text,
  officeLocation: text,
  country: text,
  usageLocation: text,
  language: text.describe('As the directory has it: da-DK.'),
  employeeType: text,
  companyName: text,
  mobilePhone: text,
  businessPhones: z.array(z.string()).optional(),
  isSynced: z
    .boolean()
    .optional()
    .describe('From a directory on premises; absent: the directory does not say.'),
  lastSyncAt: z.number().optional(),
  createdAt: z.number().optional(),
  hasEmployeeId: z.boolean().optional(),
  hasName: z.boolean().optional().describe('A given name or a surname.'),
  licence: licenceSchema,
})

const registrationSchema = z
  .strictObject({
    at,
    reportedAt: z.number().optional().describe('When Microsoft refreshed the report.'),
    isAdmin: z.boolean().optional().describe('Holds a directory role; absent: not known.'),
    isMfaCapable: z.boolean().optional(),
    isMfaRegistered: z.boolean().optional(),
    methods: z.array(z.string()).optional().describe('Registered methods in the words of the report.'),
  })
  .describe('Only `at`: the report was read to its end and does not list this person.')

const rolesSchema = z
  .strictObject({ at, held: z.array(z.string()).describe('Template ids of the directory roles held now.') })
  .describe('Read from the roles themselves, which needs no licence and is not hours behind.')

const activitySchema = z.strictObject({
  at,
  lastSignInAt: z
    .number()
    .nullable()
    .describe('null: no sign-in is known of, which is not the same as away.'),
})

const legacySchema = z.strictObject({
  at,
  from: z.number(),
  to: z.number(),
  clients: z.array(
    z.strictObject({
      client: z.string(),
      times: z.int().positive(),
      lastAt: z.number(),
      addresses: z.array(z.string()),
    }),
  ),
})

const rhythmSchema = z.strictObject({
  at,
  from: z.number(),
  to: z.number(),
  days: z.int().nonnegative().describe('Different days with a sign-in.'),
  weekendDays: z.int().nonnegative(),
  hours: z.int().nonnegative().describe('Different hours of the day (UTC) with a sign-in.'),
  times: z.int().nonnegative(),
  addresses: z.int().nonnegative().describe('Different addresses; 20 stands for 20 or more.'),
  lastAt: z.number(),
  everyMs: z
    .number()
    .positive()
    .optional()
    .describe('The time between two sign-ins, where nearly all keep to it.'),
  scripts: z
    .array(z.string())
    .optional()
    .describe('Programs that are no browser and no mail client, as they name themselves.'),
})

const perUserMfaSchema = z.strictObject({ at, state: z.enum(['disabled', 'enabled', 'enforced']) })

const phonesSchema = z
  .strictObject({ at, mobile: text, alternateMobile: text, office: text })
  .describe('Registered phone methods, in Graph’s form; a kind that is absent is not registered.')

const methodsSchema = z
  .strictObject({ at, kinds: z.array(z.string()).describe('Types of the methods, as Graph names them.') })
  .describe('Registered methods, as read for this very person.')

export const failedSchema = z.strictObject({ failedAt: z.number(), why: z.string() })
export type FailedRead = z.infer<typeof failedSchema>

/** Where facts come from; each is read, and grows old, by itself. */
export const SOURCES = [
  'account',
  'registration',
  'roles',
  'activity',
  'legacy',
  'rhythm',
  'perUserMfa',
  'phones',
  'methods',
] as const
export const sourceSchema = z.enum(SOURCES)
export type Source = z.infer<typeof sourceSchema>

/**
 * What we know of one person. A group that is absent was never read; `failed` names the groups whose last reading
 * failed, beside what an earlier one may have brought.
 */
export const personFactsSchema = z.strictObject({
  id: z.string().min(1),
  account: accountSchema.optional(),
  registration: registrationSchema.optional(),
  roles: rolesSchema.optional(),
  activity: activitySchema.optional(),
  legacy: legacySchema.optional(),
  rhythm: rhythmSchema.optional(),
  perUserMfa: perUserMfaSchema.optional(),
  phones: phonesSchema.optional(),
  methods: methodsSchema.optional(),
  failed: z.partialRecord(sourceSchema, failedSchema).optional(),
})
export type PersonFacts = z.infer<typeof personFactsSchema>
export type FactsOf<S extends Source> = NonNullable<PersonFacts[S]>

/** A source is the words a reader of reasons sees. */
export function saySource(source: Source): string {
  switch (source) {
    case 'account':
      return 'directory'
    case 'registration':
      return 'registration report'
    case 'roles':
      return 'directory roles'
    case 'activity':
      return 'sign-in activity'
    case 'legacy':
    case 'rhythm':
      return 'sign-in log'
    case 'perUserMfa':
      return 'per-user MFA'
    case 'phones':
    case 'methods':
      return 'authentication methods'
    default:
      return source satisfies never
  }
}
