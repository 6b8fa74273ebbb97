import type { Group } from '../directory/directory.ts'
import type { Person } from '../people/person.ts'
import { groupBody } from './group-body.ts'
import { selected } from './page.ts'
import type { GraphCall } from './route.ts'
import { directoryObject } from './user-body.ts'

/** A person or a group in a list that may hold either. */
export function inDirectory(call: GraphCall, object: Person | Group): object {
  const { $select } = call.query
  if ('userPrincipalName' in object) return directoryObject(call, object, $select)
  return { '@odata.type': '#microsoft.graph.group', ...selected(groupBody(object), $select) }
}
