import { z } from 'zod'

/** One person of the tenant as the directory and the registration report describe them. */
export const personSchema = z.strictObject({
  id: z.string().min(1).describe('Object id: the identity. A sign-in name may change, this does not.'),
  upn: z.string(),
  displayName: z.string(),
  accountEnabled: z.boolean(),
  userType: z.enum(['Member', 'Guest']),
  isAdmin: z.boolean().optional().describe('Holds a directory role; absent = not known.'),
  isMfaCapable: z
    .boolean()
    .optional()
    .describe('Has a second factor that policy allows; absent = not known.'),
  department: z.string().optional(),
  officeLocation: z.string().optional(),
  country: z.string().optional(),
  usageLocation: z.string().optional(),
  employeeType: z.string().optional(),
  companyName: z.string().optional(),
  managerId: z
    .string()
    .optional()
    .describe('Object id of the manager; read only where a plan keeps people apart from theirs.'),
  mail: z.string().optional(),
  addresses: z.array(z.string()).optional().describe('As the directory has them: `smtp:` and the address.'),
  employeeId: z.string().optional(),
  adopted: z.boolean().optional().describe('Is under MFA already, and was taken so by name.'),
})

export type Person = {
  id: string
  upn: string
  displayName: string
  accountEnabled: boolean
  userType: 'Member' | 'Guest'
  isAdmin?: boolean | undefined
  isMfaCapable?: boolean | undefined
  department?: string | undefined
  officeLocation?: string | undefined
  country?: string | undefined
  usageLocation?: string | undefined
  employeeType?: string | undefined
  companyName?: string | undefined
  managerId?: string | undefined
  mail?: string | undefined
  addresses?: readonly string[] | undefined
  employeeId?: string | undefined
  adopted?: boolean | undefined
}
