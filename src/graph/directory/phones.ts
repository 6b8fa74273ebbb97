import { z } from 'zod'
import type { BatchCall } from '../batch.ts'
import type { Graph } from '../client.ts'
import { type FailureKind, GraphFailure, isFailure } from '../errors.ts'
import { type Ask, nullableText, type Receipt, receiptOf, segment } from './ask.ts'

export const phoneTypes = ['mobile', 'alternateMobile', 'office'] as const
export type PhoneType = (typeof phoneTypes)[number]

/** The same in every tenant (v1.0 reference, phoneAuthenticationMethod). */
const METHOD_IDS: Readonly<Record<PhoneType, string>> = {
  mobile: '3179e48a-750b-4051-897c-87b9720928f7',
  alternateMobile: 'b6332ec1-7057-4abe-9331-3d72feddfe41',
  office: 'e37fc753-ff3b-4958-9484-eaa9425c82bc',
}

/** Registered numbers as Graph shows them, by type; a type that is absent is not registered. */
export type Phones = Readonly<Partial<Record<PhoneType, string>>>
export type PhoneReading = { phones: Phones } | { failure: GraphFailure }

/** What is to be so of one type of phone of one person; null: no number. */
export interface PhoneChange {
  id: string
  type: PhoneType
  number: string | null
  /** There is a number of this type that gives way; without it, a new one is made beside none. */
  replaces: boolean
}

const method = z.object({ phoneNumber: nullableText, phoneType: nullableText })
const list = z.object({ value: z.array(method), '@odata.nextLink': z.never().optional() })

/** Graph sends and shows a blank behind the country's code, and not every tool does. */
export function isSameNumber(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && bare(one) === bare(other)
}

function bare(number: string): string {
  return number.replace(/\s/g, '').toLowerCase()
}

export function phoneCalls(graph: Graph) {
  /** Everybody's registered numbers. Fails, for a person, with `notFound` or any other kind. */
  async function readPhones(ids: readonly string[], ask: Ask): Promise<Map<string, PhoneReading>> {
    const people = [...new Set(ids)]
    const calls = people.map(
      (id): BatchCall<z.output<typeof list>> => ({ method: 'GET', path: pathOf(id), expect: list }),
    )
    const results = await graph.batch(calls, ask.lane, ask.signal)
    return new Map(
      results.map((result, place) => [
        people[place] as string,
        result instanceof GraphFailure ? { failure: result } : { phones: phonesOf(result.body.value) },
      ]),
    )
  }

  return {
    readPhones,

    /**
     * Makes, changes and takes away numbers, one of a type and person. Microsoft refuses with a 409 what it did all the
     * same, and its 400s tell nothing apart: whatever was refused is read again, and a number that is as wanted has
     * arrived. A person's `unknownEffect` may have happened, any other failure has not.
     */
    async setPhones(changes: readonly PhoneChange[], ask: Ask): Promise<Map<string, Receipt | GraphFailure>> {
      if (new Set(changes.map(({ id }) => id)).size < changes.length) {
        throw new RangeError('a person is named twice: the order of two changes in a batch is not kept')
      }
      const results = await graph.batch(changes.map(callFor), ask.lane, ask.signal)
      const answers = new Map<string, Receipt | GraphFailure>(
        results.map((result, place) => [
          changes[place]?.id as string,
          result instanceof GraphFailure ? result : receiptOf(result),
        ]),
      )
      const unclear = changes.filter(({ id }) => isUnclear(answers.get(id)))
      if (unclear.length === 0) return answers
      const shown = await readPhones(
        unclear.map(({ id }) => id),
        ask,
      )
      for (const change of unclear) {
        const refused = answers.get(change.id) as GraphFailure
        answers.set(change.id, settled(refused, change, shown.get(change.id)))
      }
      return answers
    },
  }
}

function isAsWanted(phones: Phones, { type, number }: PhoneChange): boolean {
  return number === null ? phones[type] === undefined : isSameNumber(phones[type], number)
}

function isUnclear(answer: Receipt | GraphFailure | undefined): boolean {
  return isFailure(answer, 'conflict') || isFailure(answer, 'badRequest') || isFailure(answer, 'notFound')
}

/** What a refusal stands for, now that the numbers were read again. */
function settled(
  refused: GraphFailure,
  change: PhoneChange,
  now: PhoneReading | undefined,
): Receipt | GraphFailure {
  if (now && 'phones' in now) {
    if (isAsWanted(now.phones, change)) {
      return { requestId: refused.requestId, clientRequestId: refused.clientRequestId ?? '', date: null }
    }
    if (refused.kind === 'badRequest') return change.number === null ? kept(refused) : refused
    // The person is there, so it is the number that is not.
    if (refused.kind === 'notFound') return again(refused, 'conflict')
  } else if (isFailure(now?.failure, 'notFound')) return now.failure
  // It may have come about, and show a little later.
  return again(refused, 'unknownEffect')
}

/** Microsoft takes away no number that somebody is asked by first, and no mobile beside an alternate one. */
function kept(failure: GraphFailure): GraphFailure {
  const why =
    'Microsoft does not take the number away: the person is asked by it first, or has an alternate number beside it'
  return again(failure, 'badRequest', `${why} (${failure.message})`)
}

function again(failure: GraphFailure, kind: FailureKind, message = failure.message): GraphFailure {
  const { status, code, requestId, clientRequestId } = failure
  return new GraphFailure({ kind, message, status, code, requestId, clientRequestId, cause: failure })
}

function callFor({ id, type, number, replaces }: PhoneChange): BatchCall<unknown> {
  if (number === null) return { method: 'DELETE', path: `${pathOf(id)}/${METHOD_IDS[type]}` }
  const body = { phoneNumber: number, phoneType: type }
  if (replaces) return { method: 'PATCH', path: `${pathOf(id)}/${METHOD_IDS[type]}`, body }
  return { method: 'POST', path: pathOf(id), body }
}

function pathOf(id: string): string {
  return `/users/${segment(id)}/authentication/phoneMethods`
}

function phonesOf(methods: readonly z.output<typeof method>[]): Phones {
  const phones: Partial<Record<PhoneType, string>> = {}
  for (const { phoneNumber, phoneType } of methods) {
    const type = phoneTypes.find((one) => one === phoneType)
    if (type && phoneNumber) phones[type] = phoneNumber
  }
  return phones
}
