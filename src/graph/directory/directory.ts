import type { Graph } from '../client.ts'
import { accessPassCalls } from './access-passes.ts'
import { authenticationReads } from './authentication.ts'
import { campaignCalls } from './campaign.ts'
import { contactReads } from './contacts.ts'
import { factReads } from './facts.ts'
import { groupReads, groupWrites } from './groups.ts'
import { hardwareTokenCalls } from './hardware-tokens.ts'
import { locationCalls } from './locations.ts'
import { mailCalls } from './mail.ts'
import { membership } from './members.ts'
import { methodsPolicyReads } from './methods-policy.ts'
import { perUserMfaCalls } from './per-user-mfa.ts'
import { phoneCalls } from './phones.ts'
import { policyCalls } from './policies.ts'
import { reportReads } from './reports.ts'
import { roleReads } from './roles.ts'
import { sessionCalls } from './sessions.ts'
import { strengthReads } from './strengths.ts'
import { tenantReads } from './tenant.ts'
import { userReads } from './users.ts'

/** Every call wavegate makes to Microsoft Graph. Errors are GraphFailure, or the reason of the signal that was aborted. */
export function createDirectory(graph: Graph) {
  return {
    ...userReads(graph),
    ...authenticationReads(graph),
    ...groupReads(graph),
    ...groupWrites(graph),
    ...membership(graph),
    ...policyCalls(graph),
    ...locationCalls(graph),
    ...strengthReads(graph),
    ...perUserMfaCalls(graph),
    ...accessPassCalls(graph),
    ...sessionCalls(graph),
    ...phoneCalls(graph),
    ...hardwareTokenCalls(graph),
    ...methodsPolicyReads(graph),
    ...campaignCalls(graph),
    ...contactReads(graph),
    ...tenantReads(graph),
    ...reportReads(graph),
    ...roleReads(graph),
    ...mailCalls(graph),
    ...factReads(graph),
  }
}

export type Directory = ReturnType<typeof createDirectory>
