type Node = {
  properties?: Record<string, Node>
  items?: Node
  anyOf?: Node[]
  type?: string
  const?: unknown
}

export type Leaf = { path: string; fixed: boolean }

/** Every key of the JSON Schema that holds a value; `fixed` ones allow a single value. */
export function leavesOf(node: Node, path = ''): Leaf[] {
  if (node.anyOf !== undefined) return node.anyOf.flatMap((branch) => leavesOf(branch, path))
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([key, inner]) =>
      leavesOf(inner, path === '' ? key : `${path}.${key}`),
    )
  }
  if (node.type === 'array' && node.items?.properties !== undefined) return leavesOf(node.items, `${path}[]`)
  const ways = node.type === 'array' ? node.items?.anyOf : undefined
  if (ways !== undefined) {
    return ways.flatMap((way) => (way.properties ? leavesOf(way, `${path}[]`) : [{ path, fixed: false }]))
  }
  return [{ path, fixed: node.const !== undefined && node.const !== 'rest' && node.const !== true }]
}
