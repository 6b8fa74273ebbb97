import { z } from 'zod'
import { administratorsSchema, strengthSchema, trustedLocationsSchema, whenSchema } from './schema-enforce.ts'
import { gatesSchema, waveGatesSchema } from './schema-gates.ts'
import { holdsSchema } from './schema-holds.ts'
import { membersSchema } from './schema-members.ts'
import { duration, name, paceSchema, slug } from './schema-parts.ts'
import { prepareSchema } from './schema-prepare.ts'

const enforceSchema = z
  .strictObject({
    by: z
      .enum(['conditional-access', 'per-user-mfa'], { error: 'expects:enforcer' })
      .describe(
        'How MFA is demanded: by a Conditional Access policy on a group, or by each person’s per-user MFA state, where there is no licence for policies.',
      ),
    group: name
      .optional()
      .describe('People enter MFA by joining this group: its object id, or a name that is unique.'),
    policy: name.optional().describe('The Conditional Access policy that demands MFA of the group.'),
    exceptions: name
      .optional()
      .describe(
        'An empty group, by object id or unique name, for those who stay out of the policy once it covers all users. Without it wavegate makes one.',
      ),
    strength: strengthSchema,
    when: whenSchema,
    trustedLocations: trustedLocationsSchema,
    administrators: administratorsSchema,
    retirePerUserMfa: z
      .boolean({ error: 'expects:boolean' })
      .optional()
      .describe(
        'Switch off the per-user MFA of each person whom a sign-in has proven the policy for; back on before the person is taken out again.',
      ),
    revokeSessions: z
      .boolean({ error: 'expects:boolean' })
      .optional()
      .describe(
        'End each person’s sessions once, as soon as the person is read back in place, so that MFA is asked at the next sign-in and not when the old session ends. There is no way back for that.',
      ),
  })
  .meta({
    if: { properties: { by: { const: 'conditional-access' } } },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
    then: { required: ['group', 'policy'] },
  })
  .describe('What turns MFA on.')

const protectSchema = z
  .strictObject({
    emergencyAccounts: z
      .array(name, { error: 'expects:list' })
      .describe('Break-glass accounts, at least two: in no wave, ever.'),
    emergencySignIn: duration
      .default('90d')
      .describe('An emergency account that has not signed in for so long counts as untested.'),
    groups: z
      .array(name, { error: 'expects:list' })
      .default([])
      .describe('Groups whose members, direct or nested, are in no wave, ever.'),
  })
  .describe('Who is never touched; refused when the plan is read and again at the moment of a change.')

const waveSchema = z.strictObject({
  name: slug.describe('Short name of the wave: small letters, digits and hyphens.'),
  members: membersSchema,
  gates: waveGatesSchema
    .optional()
    .describe('Gates of this wave alone; a gate that is written here replaces the one above as a whole.'),
  pace: paceSchema.optional().describe('The pace of this wave alone.'),
})

/** The plan as people write it. Types, validation, defaults and the JSON Schema all come from here. */
export const planSchema = z
  .strictObject({
    version: z.literal(1, { error: 'expects:version' }).describe('Version of the plan format.'),
    name: slug.describe('Name of the rollout. It salts the hash that picks shares: keep it.'),
    change: name.optional().describe('The change ticket; stands on every approval and report.'),
    timezone: name.describe(
      'IANA time zone of the days that people name, such as the end of a deferral: Europe/Copenhagen.',
    ),
    tenant: z
      .strictObject({
        telephonyProvider: z
          .boolean({ error: 'expects:boolean' })
          .default(false)
          .describe(
            'Text messages and calls come from a provider of the tenant’s own, so that the day on which Microsoft stops them does not matter.',
          ),
        newJoiners: z
          .enum(['last-wave', 'catch-up', 'none'], { error: 'expects:newJoiners' })
          .default('last-wave')
          .describe(
            'Where people go who came after their wave was prepared: the last open wave, the catch-up, or none.',
          ),
      })
      .prefault({})
      .describe('What is so in this tenant.'),
    enforce: enforceSchema,
    protect: protectSchema,
    prepare: prepareSchema.optional(),
    pace: paceSchema
      .prefault({})
      .describe('How fast people are added inside a wave. Taking back is never slowed down.'),
    gates: gatesSchema
      .prefault({})
      .describe('What must be true before a wave goes on; each wave may override.'),
    rollback: z
      .strictObject({
        window: duration.default('30d').describe('How long after its completion a wave can be taken back.'),
      })
      .prefault({})
      .describe('Taking people back out of MFA.'),
    graduate: z
      .literal('all-users', { error: 'expects:allUsers' })
      .optional()
      .describe(
        'What `graduate` may do after the last wave: the policy covers all users less the protected and an exceptions group, so that new hires are born protected.',
      ),
    holds: holdsSchema.prefault({}),
    away: z
      .strictObject({
        after: duration
          .default('30d')
          .describe('Without a sign-in for longer, somebody is away and waits for the catch-up.'),
      })
      .prefault({})
      .describe('People on leave: parked until they sign in again, and no success.'),
    catchUp: z
      .strictObject({
        name: slug.describe('Name of the first round; the others get -2, -3 behind it.'),
        every: duration
          .default('7d')
          .describe('From one round, or one look for somebody ready, to the next.'),
      })
      .optional()
      .describe(
        'After the last wave: rounds for the deferred, away, failed and late, each a wave like any other.',
      ),
    waves: z
      .array(waveSchema, { error: 'expects:list' })
      .min(1, { error: 'expects:waves' })
      .describe('The waves, in order. The first has one to five named test users.'),
  })
  .meta({ title: 'wavegate rollout plan' })

export type Plan = z.output<typeof planSchema>
export type PlanInput = z.input<typeof planSchema>
export type PlanWave = Plan['waves'][number]
