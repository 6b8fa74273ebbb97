import type { Role } from '../service.ts'

/** The people of the demo who have something to do with the rollout, one a role. */
export const CAST: Record<Role, string> = {
  changeManager: 'mette.holm@contoso.com',
  approver: 'anders.lund@contoso.com',
  onCall: 'ona.berg@contoso.com',
  helpDesk: 'hanne.dahl@contoso.com',
  viewer: 'viggo.krogh@contoso.com',
  administrator: 'astrid.moe@contoso.com',
}
