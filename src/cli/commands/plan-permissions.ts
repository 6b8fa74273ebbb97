import type { Command } from 'commander'
import type { PlanPermissions } from '../../service.ts'
import { ask, path, withConnection } from '../client.ts'
import { clean, print, printJson, printTable } from '../output.ts'
import { givenPlan } from '../plan-files.ts'

/** For whoever registers the application, and for whoever has to consent. */
export function planPermissionsCommand(plan: Command): void {
  plan
    .command('permissions <plan.yaml>')
    .description(
      'the least application permissions a plan needs and what for; with a tenant, which are granted',
    )
    .option('--json', 'the answer as JSON')
    .action(async (file: string, { json }: { json?: boolean }) => {
      const answer = await withConnection(
        async (connection) => {
          const body = givenPlan(file)
          const request = { method: 'POST', path: path`/plans/permissions`, body } as const
          return await ask<PlanPermissions>(connection, request, file)
        },
        { mayCreate: true },
      )
      if (json) printJson(answer)
      else sayPermissions(clean(answer))
    })
}

function sayPermissions({ features, permissions, notNeeded, notConnected }: PlanPermissions): void {
  const say = (granted: boolean | null) => (granted === null ? 'not known' : granted ? 'yes' : 'NO')
  printTable(
    ['PERMISSION', 'GRANTED', 'FOR'],
    permissions.map((one) => [one.permission, say(one.granted), one.features.join(', ')]),
  )
  for (const { says, permissions: wanted } of features.filter((one) => one.isBesides)) {
    const named = wanted.filter((one) => !permissions.some((other) => other.permission === one.permission))
    const list = named.map((one) => `${one.permission} (granted: ${say(one.granted)})`).join(', ')
    if (list !== '') print(`Besides, so that ${says}: ${list}.`)
  }
  if (notNeeded.length > 0) print(`Granted, and not needed by this plan: ${notNeeded.join(', ')}.`)
  if (notConnected !== null) print(`What is granted is not known: ${notConnected}`)
}
