/** A path that nobody put below the API's root is no path; client.ts makes them. */
export type ApiPath = `/api/v1/${string}`

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: ApiPath
  /** A string is sent as YAML, bytes as they are, anything else as JSON. */
  body?: unknown
  headers?: Record<string, string>
}

export interface ApiAnswer {
  status: number
  body: unknown
}

/** A way to the REST API. */
export interface Connection {
  call(request: ApiRequest): Promise<ApiAnswer>
  /** The same of an answer that may be large: its bytes as they come. With a body it is posted. */
  download(
    path: ApiPath,
    headers: Record<string, string>,
    body?: unknown,
  ): Promise<{ status: number; bytes: AsyncIterable<Uint8Array> }>
  /** The text of a stream of events after one; undefined where nothing can happen meanwhile. */
  stream:
    | ((path: ApiPath, after: number, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>)
    | undefined
  close(): Promise<void>
}

export function headersOf({ body, headers }: ApiRequest): Record<string, string> {
  if (body === undefined) return { ...headers }
  return { 'content-type': typeOf(body), ...headers }
}

function typeOf(body: unknown): string {
  if (body instanceof Uint8Array) return 'application/octet-stream'
  return typeof body === 'string' ? 'application/yaml' : 'application/json'
}

export function payloadOf({ body }: ApiRequest): string | Buffer<ArrayBuffer> | undefined {
  if (body === undefined) return undefined
  if (body instanceof Uint8Array) return Buffer.from(body)
  return typeof body === 'string' ? body : JSON.stringify(body)
}

export function readBody(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

export function streamHeaders(after: number): Record<string, string> {
  return { accept: 'text/event-stream', 'last-event-id': String(after) }
}

/** Of a download: with a body it is posted. */
export function downloadOf(path: ApiPath, headers: Record<string, string>, body: unknown): ApiRequest {
  return { method: body === undefined ? 'GET' : 'POST', path, headers, body }
}
