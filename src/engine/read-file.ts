import { decodeParts, type Encoded, encodingScan } from '../people/csv-decode.ts'
import { type PeopleFile, readPeopleParts } from '../people/csv-people.ts'
import type { World } from './world.ts'

/** A file of people as it was uploaded, read part by part; undefined: there is none. */
export async function readFile(world: World, digest: string): Promise<PeopleFile | undefined> {
  const encoded = await encodingOf(world, digest)
  return encoded && (await readPeopleParts(textOf(world, digest, encoded), encoded))
}

/** What the bytes of a file are; undefined: there is no such file. */
export async function encodingOf(world: World, digest: string): Promise<Encoded | undefined> {
  if ((await world.store.read.file(digest)) === undefined) return undefined
  const scan = encodingScan()
  for await (const part of world.store.read.fileParts(digest)) scan.add(part)
  return scan.end()
}

export function textOf(world: World, digest: string, { encoding }: Encoded): AsyncIterable<string> {
  return decodeParts(world.store.read.fileParts(digest), encoding)
}
