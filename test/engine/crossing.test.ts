import { expect, test } from 'vitest'
import { begun, membersOf, ours, stateOf, turns } from './crossing-tale.ts'

test('probe', async () => {
  const { rig, id, people } = await begun()
  await rig.until('wave.completed', 'pilot')
  const members = await membersOf(rig, id)
  console.log(people.length, members.map((m) => [m.upn, m.outcome, m.deferred, m.inPlaceAt, m.provenAt, m.perUserMfa, m.perUserReason, stateOf(rig, m.personId)].join(' ')).join('\n'))
  console.log(ours(rig).length, turns(rig).length, rig.events.filter((e) => /retir|keep|crossing|noPer/.test(e.type)).map((e) => new Date(e.at).toISOString() + e.type + e.reason + JSON.stringify(e.data)).join('\n'))
  console.log((await rig.wavegate.service.explain(id)).join('\n'))
})
