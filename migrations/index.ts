import type { Kysely } from 'kysely'
import * as skeleton from './0001-skeleton.ts'
import * as planFiles from './0002-plan-files.ts'
import * as conditionalAccess from './0003-conditional-access.ts'
import * as holds from './0004-holds.ts'
import * as drift from './0005-drift.ts'
import * as crossing from './0006-crossing.ts'
import * as adoption from './0007-adoption.ts'
import * as numbers from './0008-numbers.ts'
import * as perUserLook from './0009-per-user-look.ts'
import * as preparation from './0012-preparation.ts'
import * as facts from './0013-facts.ts'
import * as tokens from './0016-tokens.ts'
import * as notices from './0017-notices.ts'
import * as questions from './0019-questions.ts'
import * as passes from './0021-passes.ts'
import * as campaign from './0022-campaign.ts'

export interface Migration {
  name: string
  /** A build that does not know it must not open the database. */
  breaking: boolean
  up(db: Kysely<never>): Promise<void>
}

/** Forward only, in this order. */
export const migrations: readonly Migration[] = [
  { name: '0001-skeleton', ...skeleton },
  { name: '0002-plan-files', ...planFiles },
  { name: '0003-conditional-access', ...conditionalAccess },
  { name: '0004-holds', ...holds },
  { name: '0005-drift', ...drift },
  { name: '0006-crossing', ...crossing },
  { name: '0007-adoption', ...adoption },
  { name: '0008-numbers', ...numbers },
  { name: '0009-per-user-look', ...perUserLook },
  { name: '0012-preparation', ...preparation },
  { name: '0013-facts', ...facts },
  { name: '0016-tokens', ...tokens },
  { name: '0017-notices', ...notices },
  { name: '0019-questions', ...questions },
  { name: '0021-passes', ...passes },
  { name: '0022-campaign', ...campaign },
]
