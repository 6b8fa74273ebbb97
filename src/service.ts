/** The application service: the only door for API, CLI and web. */
export { type ErrorCode, Fault, fault } from './errors.ts'
export type { Caller, Service, StoredAnswer, VerbCall } from './service/contract.ts'
export * from './service/verbs.ts'
export * from './service/views.ts'
