import type { RolloutState, Saved, WaveState } from '../../machines/language.ts'
import type { Db, Tables, Tx } from './tables.ts'

/** Something found in the tenant that a rollout goes on beside only when an approver has accepted it by name. */
export interface RolloutFinding {
  finding: 'securityDefaultsOff' | 'emergencyAccountUnproven'
  since: number
  says: string
  /** What exactly, where an acceptance must not cover more than it was about. */
  about?: string[]
  accepted: { by: string; at: number; reason: string; channel: string } | null
}

export interface StoredRollout {
  id: string
  name: string
  change: string
  planText: string
  planHash: string
  /** The compiled plan as JSON. */
  plan: string
  targetGroup: string
  targetPolicy: string
  groupId: string | null
  policyId: string | null
  /** Group and policy of the administrators, where they have their own. */
  adminGroupId: string | null
  adminPolicyId: string | null
  /** The report-only twin of the policy. */
  twinId: string | null
  findings: RolloutFinding[]
  state: RolloutState
  version: number
  saved: Saved
  createdAt: number
  createdBy: string
  startedBy: string | null
  /** The rollout this is another run of. */
  runAfter: string | null
}

export interface StoredWave {
  id: string
  rolloutId: string
  position: number
  name: string
  state: WaveState
  version: number
  saved: Saved
  frozenAt: number | null
  enforcingAt: number | null
}

function toRollout(row: Tables['rollout']): StoredRollout {
  return {
    id: row.id,
    name: row.name,
    change: row.change,
    planText: row.plan_text,
    planHash: row.plan_hash,
    plan: row.plan,
    targetGroup: row.target_group,
    targetPolicy: row.target_policy,
    groupId: row.group_id,
    policyId: row.policy_id,
    adminGroupId: row.admin_group_id,
    adminPolicyId: row.admin_policy_id,
    twinId: row.twin_id,
    findings: JSON.parse(row.findings),
    state: row.state as RolloutState,
    version: row.version,
    saved: JSON.parse(row.saved),
    createdAt: row.created_at,
    createdBy: row.created_by,
    startedBy: row.started_by,
    runAfter: row.run_after,
  }
}

function toWave(row: Tables['wave']): StoredWave {
  return {
    id: row.id,
    rolloutId: row.rollout_id,
    position: row.position,
    name: row.name,
    state: row.state as WaveState,
    version: row.version,
    saved: JSON.parse(row.saved),
    frozenAt: row.frozen_at,
    enforcingAt: row.enforcing_at,
  }
}

export function rolloutReader(db: Db) {
  return {
    async rollout(id: string): Promise<StoredRollout | undefined> {
      const row = await db.selectFrom('rollout').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toRollout(row)
    },
    async rollouts(): Promise<StoredRollout[]> {
      const rows = await db.selectFrom('rollout').selectAll().orderBy('created_at').orderBy('id').execute()
      return rows.map(toRollout)
    },
    async wave(id: string): Promise<StoredWave | undefined> {
      const row = await db.selectFrom('wave').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toWave(row)
    },
    async wavesOf(rolloutId: string): Promise<StoredWave[]> {
      const rows = await db
        .selectFrom('wave')
        .selectAll()
        .where('rollout_id', '=', rolloutId)
        .orderBy('position')
        .execute()
      return rows.map(toWave)
    },
    async wavesIn(states: readonly WaveState[]): Promise<StoredWave[]> {
      const rows = await db
        .selectFrom('wave')
        .selectAll()
        .where('state', 'in', [...states])
        .orderBy('id')
        .execute()
      return rows.map(toWave)
    },
  }
}

type GivenLater = 'version' | 'adminGroupId' | 'adminPolicyId' | 'twinId' | 'findings'
export type NewRollout = Omit<StoredRollout, GivenLater> & { findings?: RolloutFinding[] }

/** What a compare-and-set says when somebody else was first. */
export class StaleInstance extends Error {
  override readonly name = 'StaleInstance'
}

type SettableColumn =
  | 'group_id'
  | 'policy_id'
  | 'admin_group_id'
  | 'admin_policy_id'
  | 'twin_id'
  | 'started_by'
  | 'change'
  | 'plan'
  | 'plan_hash'
  | 'plan_text'
  | 'target_group'
  | 'target_policy'

export function rolloutWriter(tx: Tx) {
  return {
    async insertRollout(rollout: NewRollout): Promise<void> {
      await tx
        .insertInto('rollout')
        .values({
          id: rollout.id,
          name: rollout.name,
          change: rollout.change,
          plan_text: rollout.planText,
          plan_hash: rollout.planHash,
          plan: rollout.plan,
          target_group: rollout.targetGroup,
          target_policy: rollout.targetPolicy,
          group_id: rollout.groupId,
          policy_id: rollout.policyId,
          admin_group_id: null,
          admin_policy_id: null,
          twin_id: null,
          findings: JSON.stringify(rollout.findings ?? []),
          state: rollout.state,
          version: 1,
          saved: JSON.stringify(rollout.saved),
          created_at: rollout.createdAt,
          created_by: rollout.createdBy,
          started_by: rollout.startedBy,
          run_after: rollout.runAfter,
        })
        .execute()
    },
    async insertWave(
      wave: Pick<StoredWave, 'id' | 'rolloutId' | 'position' | 'name' | 'state' | 'saved'>,
    ): Promise<void> {
      await tx
        .insertInto('wave')
        .values({
          id: wave.id,
          rollout_id: wave.rolloutId,
          position: wave.position,
          name: wave.name,
          state: wave.state,
          version: 1,
          saved: JSON.stringify(wave.saved),
          frozen_at: null,
          enforcing_at: null,
        })
        .execute()
    },
    /** A wave that never began. */
    async deleteWave(id: string): Promise<void> {
      await tx.deleteFrom('wave').where('id', '=', id).where('state', '=', 'pending').execute()
    },
    /** Compare-and-set on the version of the instance. @throws StaleInstance */
    async saveInstance(
      kind: 'rollout' | 'wave',
      id: string,
      version: number,
      state: string,
      saved: Saved,
    ): Promise<void> {
      const result = await tx
        .updateTable(kind)
        .set({ state, saved: JSON.stringify(saved), version: version + 1 })
        .where('id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst()
      if (result.numUpdatedRows !== 1n)
        throw new StaleInstance(`${kind} ${id} is no longer at version ${version}`)
    },
    async setRollout(id: string, values: Partial<Pick<Tables['rollout'], SettableColumn>>): Promise<void> {
      await tx.updateTable('rollout').set(values).where('id', '=', id).execute()
    },
    async setFindings(id: string, findings: readonly RolloutFinding[]): Promise<void> {
      await tx
        .updateTable('rollout')
        .set({ findings: JSON.stringify(findings) })
        .where('id', '=', id)
        .execute()
    },
    async setWave(
      id: string,
      values: Partial<Pick<Tables['wave'], 'frozen_at' | 'enforcing_at'>>,
    ): Promise<void> {
      await tx.updateTable('wave').set(values).where('id', '=', id).execute()
    },
  }
}
