/**
 * Does the work for each part, a few at a time in order. After the first that fails nothing further is begun; what is
 * under way ends before the failure is thrown.
 */
export async function sideBySide<T>(
  parts: readonly T[],
  width: number,
  work: (part: T) => Promise<void>,
): Promise<void> {
  const waiting = parts[Symbol.iterator]()
  const failures: unknown[] = []
  const worker = async () => {
    for (const part of waiting) {
      try {
        await work(part)
      } catch (error) {
        failures.push(error)
      }
      if (failures.length > 0) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, parts.length) }, worker))
  if (failures.length > 0) throw failures[0]
}

export function inParts<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let start = 0; start < all.length; start += size) parts.push(all.slice(start, start + size))
  return parts
}
