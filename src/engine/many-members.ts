import { breathe } from '../clock/breathe.ts'
import type { Member } from '../store/members.ts'
import type { World } from './world.ts'

/** Members read at a time: more would keep everybody else in this process waiting. */
const PAGE = 500

/** Everybody in a wave, in order. */
export async function allMembers(world: World, waveId: string): Promise<Member[]> {
  const members: Member[] = []
  for (;;) {
    const page = await world.store.read.membersPage(waveId, members.at(-1)?.position ?? -1, PAGE)
    members.push(...page)
    if (page.length < PAGE) return members
    await breathe(world.clock)
  }
}

/** Everybody in a rollout, wave by wave. */
export async function everybodyIn(world: World, rolloutId: string): Promise<Member[]> {
  const members: Member[] = []
  for (const wave of await world.store.read.wavesOf(rolloutId)) {
    for (const member of await allMembers(world, wave.id)) members.push(member)
  }
  return members
}

/** Those of these people who are in the rollout. */
export async function membersAmong(
  world: World,
  rolloutId: string,
  people: readonly string[],
): Promise<Member[]> {
  const members: Member[] = []
  for (let start = 0; start < people.length; start += PAGE) {
    if (start > 0) await breathe(world.clock)
    members.push(...(await world.store.read.membersAmong(rolloutId, people.slice(start, start + PAGE))))
  }
  return members
}

/** Object ids of everybody in a wave who was asked for, whatever came of it; `crossing`: who may still go over alone. */
export async function requestedOf(world: World, waveId: string, crossing = false): Promise<string[]> {
  const people: string[] = []
  const { read } = world.store
  const end = await read.positionsOf(waveId)
  for (let from = 0; from < end; from += PAGE * 10) {
    people.push(...(await read.requestedAt(waveId, from, from + PAGE * 10, crossing)))
    await breathe(world.clock)
  }
  return people
}
