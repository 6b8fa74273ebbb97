import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Beside the checkout, where there is one; skipped aloud where there is none.
const BESIDE = fileURLToPath(new URL('../../../shared/reference', import.meta.url))

interface Type {
  base?: string
  kind: string
  members?: string[]
  properties?: Record<string, { type: string; collection?: boolean }>
  navigation?: Record<string, string>
}

/** Microsoft's metadata of one version, or nothing where the folder is absent. */
export function published(version: 'v1.0' | 'beta') {
  const folder = process.env.WAVEGATE_GRAPH_METADATA ?? BESIDE
  const path = `${folder}/graph-metadata-${version}.json`
  if (!existsSync(path)) {
    console.warn(`Bodies are not held against Microsoft's metadata: ${path} is absent.`)
    return null
  }
  const types: Record<string, Type> = JSON.parse(readFileSync(path, 'utf8')).types
  return {
    has: (type: string) => type in types,
    strange: (body: unknown, type: string) => strange(types, body, type),
  }
}

/** What a body says that the metadata does not know. */
function strange(types: Record<string, Type>, body: unknown, declared: string, at = declared): string[] {
  const said = (body as Record<string, string> | null)?.['@odata.type']
  const type = said ? said.replace('#microsoft.graph.', '') : declared
  const known = types[type]
  if (body === null || !known) return []
  // Several members of an enumeration stand in one text.
  if (known.kind === 'EnumType') {
    const unknown = String(body)
      .split(',')
      .filter((one) => !known.members?.includes(one))
    return unknown.map((one) => `${at} is ${one}`)
  }
  return Object.entries(body as object).flatMap(([name, value]) => {
    // Links to other objects are left out of the reduced metadata.
    if (name.includes('@') || name === 'authenticationStrength' || name === 'manager') return []
    const property = propertyOf(types, type, name)
    if (!property) return [`${at}.${name}`]
    if (Array.isArray(value) !== Boolean(property.collection) && value !== null)
      return [`${at}.${name} is a list or not`]
    return (Array.isArray(value) ? value : [value]).flatMap((one) =>
      strange(types, one, property.type, `${at}.${name}`),
    )
  })
}

function propertyOf(
  types: Record<string, Type>,
  type: string | undefined,
  name: string,
): { type: string; collection?: boolean } | undefined {
  if (!type) return undefined
  return types[type]?.properties?.[name] ?? propertyOf(types, types[type]?.base, name)
}
