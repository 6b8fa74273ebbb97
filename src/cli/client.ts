import { connect } from './connection/connect.ts'
import type { ApiPath, ApiRequest, Connection } from './connection/connection.ts'

/** A problem as the API words it. */
export interface ApiProblem {
  status: number
  code: string
  detail: string
  hint: string
  [more: string]: unknown
}

/** The API said no. `file`: of the plan that it is about. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly problem: ApiProblem
  readonly file: string | undefined

  constructor(problem: ApiProblem, file?: string) {
    super(problem.detail)
    this.problem = problem
    this.file = file
  }
}

/** One call. @throws Refused */
export async function ask<T>(connection: Connection, request: ApiRequest, file?: string): Promise<T> {
  const { status, body } = await connection.call(request)
  if (status < 400) return body as T
  throw refusedBy(status, body, file)
}

/** What the API said when it said no. */
export function refusedBy(status: number, body: unknown, file?: string): Refused {
  return new Refused(isProblem(body) ? body : unreadable(status), file)
}

/** Opens a connection for one command and closes it after. */
export async function withConnection<T>(
  work: (connection: Connection) => Promise<T>,
  options: { mayCreate?: boolean } = {},
): Promise<T> {
  const connection = await connect(process.env, options)
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

/** An address below /api/v1, its parts escaped. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): ApiPath {
  const below = String.raw({ raw: parts }, ...values.map(encodeURIComponent))
  return `/api/v1/${below.replace(/^\//, '')}`
}

/** The same with what is asked of a list. */
export function withQuery(address: ApiPath, query: Readonly<Record<string, string>>): ApiPath {
  return `${address}?${new URLSearchParams(query)}`
}

function isProblem(body: unknown): body is ApiProblem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body
}

function unreadable(status: number): ApiProblem {
  return {
    status,
    code: 'internal',
    detail: `The server answered ${status} without saying why.`,
    hint: 'Is WAVEGATE_URL the address of a wavegate server?',
  }
}
