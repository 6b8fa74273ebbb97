type Schemas = Record<string, unknown>

/** Each named schema comes in two shapes, as read and as written; only those that a route leads to stay. */
export function withoutUnused<T extends object>(document: T): T {
  const { components, paths } = document as { components?: { schemas?: Schemas }; paths?: unknown }
  const all: Schemas = components?.schemas ?? {}
  const used = new Set<string>()
  const follow = (part: unknown) => {
    for (const [, name = ''] of JSON.stringify(part ?? {}).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (used.has(name)) continue
      used.add(name)
      follow(all[name])
    }
  }
  follow(paths)
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)))
  return { ...document, components: { ...components, schemas } }
}
