import type { Db, Tables, Tx } from './tables.ts'

/**
 * `waiting`: asked for, nothing sent. `sent`: our change may have been made. `inPlace`: read back. `restoring`: asked to
 * be put back. The rest is over: `restored`, `conflict` (another hand changed part of it, which stays), `handedOver` (a
 * later rollout puts it back).
 */
export const CAMPAIGN_STANDS = [
  'waiting',
  'sent',
  'inPlace',
  'restoring',
  'restored',
  'conflict',
  'handedOver',
] as const
export type CampaignStands = (typeof CAMPAIGN_STANDS)[number]

/** What a rollout has made of the tenant's registration campaign. */
export interface CampaignOfRollout {
  rolloutId: string
  stands: CampaignStands
  /** What we sent, whole; null: nothing yet. */
  sent: Record<string, unknown> | null
  /** Why it stands so, in words; empty: nothing to be said. */
  says: string
  at: number
}

const OPEN: readonly CampaignStands[] = ['waiting', 'sent', 'inPlace', 'restoring']

function toCampaign(row: Tables['campaign']): CampaignOfRollout {
  return {
    rolloutId: row.rollout_id,
    stands: row.stands as CampaignStands,
    sent: row.sent === null ? null : JSON.parse(row.sent),
    says: row.says,
    at: row.at,
  }
}

export function campaignReader(db: Db) {
  return {
    async campaignOf(rolloutId: string): Promise<CampaignOfRollout | undefined> {
      const row = await db
        .selectFrom('campaign')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .executeTakeFirst()
      return row && toCampaign(row)
    },
    /** Those that are not over, oldest first. */
    async openCampaigns(): Promise<CampaignOfRollout[]> {
      const rows = await db
        .selectFrom('campaign')
        .selectAll()
        .where('stands', 'in', [...OPEN])
        .orderBy('at')
        .orderBy('rollout_id')
        .execute()
      return rows.map(toCampaign)
    },
  }
}

export function campaignWriter(tx: Tx) {
  return {
    async saveCampaign({ rolloutId, stands, sent, says, at }: CampaignOfRollout): Promise<void> {
      const row = { stands, sent: sent === null ? null : JSON.stringify(sent), says, at }
      await tx
        .insertInto('campaign')
        .values({ rollout_id: rolloutId, ...row })
        .onConflict((conflict) => conflict.column('rollout_id').doUpdateSet(row))
        .execute()
    },
  }
}
