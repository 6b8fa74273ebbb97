import type { CompiledLimits } from '../plan/compiled-plan.ts'
import type { Attribute } from '../plan/schema-members.ts'
import { shareOf } from '../plan/units.ts'
import { attributeOf, valueKey } from './attributes.ts'
import type { Person } from './person.ts'

/** Why a person whom a wave's source holds stays for a later wave. */
export type Cut =
  | { limit: 'max'; max: number }
  | { limit: 'department'; department: string; most: number; of: number }
  | { limit: 'manager'; other: string; is: 'manager' | 'report' }

export type Picked = { taken: Person[]; cut: Map<string, Cut> }

export type PickInput = {
  candidates: readonly Person[]
  limits: CompiledLimits
  bucket(id: string): number
  /** Of everybody who may be in a wave, by key. */
  departmentSizes: ReadonlyMap<string, number>
}

/**
 * Walks the candidates in a fixed order and takes whom no limit keeps back. The order of those who were candidates
 * before does not change when others come behind them, so raising a share or a max only adds people.
 */
export function pickMembers({ candidates, limits, bucket, departmentSizes }: PickInput): Picked {
  const ordered = inOrder(candidates, bucket)
  const queue = limits.spread === null ? ordered : spreadOver(ordered, limits.spread)
  const picked: Picked = { taken: [], cut: new Map() }
  const rooms = [
    limits.max === null ? undefined : roomUpTo(limits.max),
    limits.maxPerDepartmentBp === null
      ? undefined
      : roomByDepartment(limits.maxPerDepartmentBp, departmentSizes),
    limits.managerApart ? roomApart() : undefined,
  ].filter((room) => room !== undefined)
  for (const person of queue) {
    const cut = rooms.map((room) => room.refuses(person)).find((reason) => reason !== undefined)
    if (cut !== undefined) picked.cut.set(person.id, cut)
    else {
      for (const room of rooms) room.take(person)
      picked.taken.push(person)
    }
  }
  return picked
}

/** By bucket; people of one bucket by object id. */
export function inOrder(people: readonly Person[], bucket: (id: string) => number): Person[] {
  return people.toSorted((a, b) => bucket(a.id) - bucket(b.id) || (a.id < b.id ? -1 : 1))
}

/** One person of each value, in the given order, then a second of each, and so on. Those without a value count as one. */
export function spreadOver(ordered: readonly Person[], attribute: Attribute): Person[] {
  const rounds = new Map<string, number>()
  return ordered
    .map((person) => {
      const key = valueKey(attributeOf(person, attribute) ?? '')
      const round = rounds.get(key) ?? 0
      rounds.set(key, round + 1)
      return { person, round }
    })
    .sort((a, b) => a.round - b.round)
    .map(({ person }) => person)
}

/** The most people of a department of `size` in one wave: the share rounded down, but at least one person. */
export function mostOfDepartment(bp: number, size: number): number {
  return Math.max(1, shareOf(bp, size))
}

type Room = { refuses(person: Person): Cut | undefined; take(person: Person): void }

function roomUpTo(max: number): Room {
  let taken = 0
  return {
    refuses: () => (taken >= max ? { limit: 'max', max } : undefined),
    take() {
      taken += 1
    },
  }
}

function roomByDepartment(bp: number, sizes: ReadonlyMap<string, number>): Room {
  const taken = new Map<string, number>()
  return {
    refuses(person) {
      const department = attributeOf(person, 'department')
      if (department === undefined) return undefined
      const of = sizes.get(valueKey(department)) ?? 0
      const most = mostOfDepartment(bp, of)
      if ((taken.get(valueKey(department)) ?? 0) < most) return undefined
      return { limit: 'department', department, most, of }
    },
    take(person) {
      const key = valueKey(attributeOf(person, 'department') ?? '')
      taken.set(key, (taken.get(key) ?? 0) + 1)
    },
  }
}

function roomApart(): Room {
  const taken = new Set<string>()
  const reportOf = new Map<string, string>()
  return {
    refuses({ id, managerId }) {
      if (managerId !== undefined && taken.has(managerId)) {
        return { limit: 'manager', other: managerId, is: 'manager' }
      }
      const report = reportOf.get(id)
      return report === undefined ? undefined : { limit: 'manager', other: report, is: 'report' }
    },
    take({ id, managerId }) {
      taken.add(id)
      if (managerId !== undefined && managerId !== id && !reportOf.has(managerId)) reportOf.set(managerId, id)
    },
  }
}
