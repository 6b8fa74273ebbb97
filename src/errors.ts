import { FILE_ERRORS } from './error-files.ts'
import { SHOWN_ONCE_ERRORS } from './shown-once-errors.ts'

/**
 * Every error a caller can meet: code (stable), HTTP status, message and what to do. `{name}` is filled from the
 * details. `docs/errors.md` lists the same; a test holds the two together.
 */
export const ERRORS = {
  // the request
  bodyNotJson: [400, 'The body is not JSON: {detail}', 'Send valid JSON with Content-Type application/json.'],
  requestInvalid: [400, 'The request does not fit: {detail}', 'See /openapi.json for what this call takes.'],
  bodyTooLarge: [
    413,
    'The body is larger than {limit} bytes.',
    'A plan is a few kilobytes; send the plan alone.',
  ],
  unsupportedMediaType: [
    415,
    'The content type {type} is not taken here.',
    'Send application/json, or application/yaml for a plan.',
  ],
  routeNotFound: [404, 'There is no {method} {path}.', 'See /openapi.json for the calls there are.'],
  // who calls
  tokenMissing: [
    401,
    'The call carries no token.',
    'Send Authorization: Bearer <token>; `wavegate token create --for <person> --role <role>` makes one.',
  ],
  tokenUnknown: [
    401,
    'The token is not known here, or was revoked.',
    'Ask an administrator for a new one: `wavegate token create --for <person> --role <role>`.',
  ],
  roleTooWeak: [
    403,
    '{person} is {role}; {verb} asks for {roles}.',
    'Ask somebody who has that role, or an administrator for a token that carries it.',
  ],
  ownRequest: [
    403,
    '{person} asked for this and cannot approve it as well ({because}).',
    'A second person approves: somebody who did not create, start or resume the rollout.',
  ],
  notAnApprover: [
    409,
    '{person} holds no token as an approver, and cannot allow this.',
    'Name somebody who does; an administrator makes the token: `wavegate token create --for <person> --role approver`.',
  ],
  // the plan
  planInvalid: [
    422,
    'The plan is refused: {count} to correct, the first at {first}.',
    'Each problem names its line and column and what to write instead.',
  ],
  planTooLarge: [
    413,
    'The plan is larger than {limit} bytes.',
    'A plan names groups and shares of people, not people by the thousand.',
  ],
  ...FILE_ERRORS,
  // what is named
  rolloutNotFound: [404, 'There is no rollout {id}.', '`wavegate rollout list` shows those there are.'],
  revisionNotFound: [404, 'Rollout {id} has no plan revision {number}.', 'Its revisions: 1 to {last}.'],
  waveNotFound: [404, 'Rollout {id} has no wave {wave}.', 'Its waves: {waves}.'],
  personUnknown: [
    404,
    'Nothing is known of {person}.',
    'Give the object id or the user principal name; `wavegate people gather` reads who is in the directory.',
  ],
  questionNotFound: [404, 'There is no question {id}.', '`wavegate question list` shows those there are.'],
  personNotFound: [
    404,
    '{person} is in no wave of rollout {id}.',
    'Give the object id or the user principal name; `rollout show` lists the waves.',
  ],
  personNotInDirectory: [
    404,
    'There is no {person} in the directory.',
    'Give the object id or the user principal name.',
  ],
  phoneUnusable: [
    422,
    'Nothing can be made of the number: {why}.',
    'Write it with its country code: +45 12345678. Only an office number may have an extension.',
  ],
  phoneRefused: [409, 'No number is registered for {person}: {because}.', '{instead}'],
  phoneDifferent: [
    409,
    '{person} has another {type} number: {has}.',
    'Ask the person which is right; `replace` puts the new one in its place and keeps the old on record.',
  ],
  tokenNotFound: [
    404,
    'There is no token {id} that is still good.',
    '`wavegate token list` shows those there are.',
  ],
  // what can be done now
  answerUnfit: [409, 'Question {id} cannot be answered so: {detail}.', 'GET /questions shows what is asked.'],
  verbNotPossible: [409, '{verb} is not possible: {subject} is {state}{holds}.', 'Possible now: {possible}.'],
  planNotHeld: [
    409,
    'Rollout {id} is {state} and nothing holds it; its plan is revised only while it is held.',
    'Pause it first: `wavegate rollout pause {id} --reason …`, then send the plan again.',
  ],
  planEnded: [
    409,
    'Rollout {id} is {state}; its plan stays as it was.',
    'A rollout that has ended is run again with `restart`; revise that draft.',
  ],
  planFixedChanged: [
    409,
    'A revision cannot change this any more: {places}.',
    'The name salts the shares, and would move everybody; what is enforced and the rollback window stay for the run. Draft another rollout.',
  ],
  protectionShrinks: [
    409,
    'A revision only adds to the protection; this one drops {places}.',
    'Keep them in protect: somebody may count on it until the run has ended.',
  ],
  planPastChanged: [
    409,
    'A revision cannot change what is over: {places}.',
    'Leave waves that are completed, taken back or skipped at their place and as they were.',
  ],
  planCurrentChanged: [
    409,
    'Of the wave under way a revision changes gates and pace alone, not {places}.',
    'Leave its name and members as they are; `skip` and `rollback` are for its people.',
  ],
  targetInUse: [
    409,
    'Rollout {other} ({name}) is live on the same {target}.',
    'End it first: abort, roll back, or let it finish.',
  ],
  approvalMissing: [
    409,
    'The plan of rollout {id} prepares people before the switch, and nobody has approved it as it is.',
    'An approver, somebody else than who starts it, approves the rollout (plan {planHash}); then start again.',
  ],
  preflightFailed: [
    409,
    'The rollout cannot start: {first}',
    'Each finding names its remedy; nothing was changed.',
  ],
  clockSkewed: [
    409,
    'The clock of this machine is {apart} {direction} Microsoft’s.',
    'Set it by NTP. Soaks, deadlines and the windows of the sign-in log are counted by it, and more than 5 minutes would make them wrong.',
  ],
  notProtected: [
    409,
    '{person} is under the protection of the plan.',
    'Nobody protected is ever changed; take the person out of protect: in the plan first.',
  ],
  ifMatchMissing: [
    428,
    '{verb} asks for If-Match.',
    'Send the ETag of the rollout that you have seen: GET /api/v1/rollouts/{id} answers with it.',
  ],
  ifMatchStale: [
    412,
    'The rollout has changed since you looked: it is {state} now.',
    'Look again, and send the new ETag if you still want it: {etag}.',
  ],
  reasonMissing: [400, '{verb} asks for a reason.', 'Say in a sentence why; it is kept with the event.'],
  idempotencyKeyReused: [
    422,
    'The Idempotency-Key {key} was used before with another request.',
    'Use a new key for a new request; the old answer stands for the old one.',
  ],
  gateUnknownToWave: [
    422,
    'Wave {wave} is not held by a gate named {gates}.',
    'Gates that hold it now: {held}.',
  ],
  installationFrozen: [
    409,
    'The installation is frozen since {since} by {by}: {reason}',
    'Nothing new is applied until somebody says `thaw`; rollback stays allowed.',
  ],
  stillLockedOut: [
    409,
    '{count} people of wave {wave} are locked out now.',
    'Get them in again first, by rollback of these people; then the spent budget can be accepted.',
  ],
  findingUnknown: [
    422,
    'Nothing of the name {findings} was found to be changed by another hand.',
    'Found now: {open}. `rollout show` names them.',
  ],
  driftBarred: [
    409,
    '{finding} cannot be accepted: {because}.',
    'Say revert, with dryRun first; or put it right by hand: the next look lifts the hold by itself.',
  ],
  driftByHand: [
    409,
    'wavegate puts none of this back: {says}.',
    '{instead} The next look lifts the hold by itself.',
  ],
  revertWidens: [
    409,
    '{count} people in the group are in no started wave and were adopted by nobody: {names}.',
    'The policy would put them under MFA. Accept them by name, or name them in people to have them taken out.',
  ],
  notApplicable: [409, '{verb} does not apply: {because}.', '{instead}'],
  notAdoptable: [
    409,
    '{count} of those named cannot be adopted: {people}.',
    'Take them out of the group by hand, or out of the call; a dry run without names lists who can be adopted.',
  ],
  adoptionDiffers: [
    409,
    'This is not the list that {askedBy} asked for: {difference}.',
    'Confirm that list, which a dry run without names shows; or have the change manager ask anew.',
  ],
  deferredBefore: [
    409,
    '{person} was deferred before, by {by} until {until}.',
    'A person is deferred once. Make the person ready, or leave the wave to a later revision of the plan.',
  ],
  outsideWindow: [
    409,
    'The rollback window of {subject} ended {ended}.',
    'A new rollout, or a change by hand, is what is left.',
  ],
  ...SHOWN_ONCE_ERRORS,
  // the command line
  serverUnreachable: [
    503,
    '{server} does not answer: {detail}',
    'Check WAVEGATE_URL, and whether the server runs: `wavegate serve`.',
  ],
  databaseMissing: [
    404,
    'There is no database {file}, and nobody serves one.',
    'Set WAVEGATE_DB or WAVEGATE_URL, or begin with `wavegate serve`.',
  ],
  fileUnreadable: [400, '{file} cannot be read: {detail}', 'Check the path and the rights.'],
  fileUnwritable: [400, '{file} cannot be written: {detail}', 'Check the path and the rights.'],
  timeUp: [
    504,
    'The rollout had not ended after {time}; it is {state}.',
    '`wavegate rollout explain {id}` says what it waits for.',
  ],
  // Microsoft Graph
  graphUnavailable: [
    502,
    'Microsoft Graph did not answer: {detail}',
    'Nothing was changed. Try again; wavegate tries by itself where a rollout is under way.',
  ],
  graphForbidden: [
    502,
    'Microsoft Graph refuses this call: {detail}',
    'Grant the application permission {permission} and consent to it.',
  ],
  graphUnauthenticated: [
    502,
    'Microsoft Entra does not take our credential: {detail}',
    'Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, and whether the secret has run out.',
  ],
  licenceMissing: [
    502,
    'The tenant lacks a licence: {detail}',
    'Sign-in logs and registration reports need Microsoft Entra ID P1.',
  ],
  // the machine it runs on
  nodeTooOld: [
    500,
    'wavegate needs Node {needed} or later; this is {found}.',
    'Install a newer Node, or use the npm scripts of the checkout, which bring their own.',
  ],
  configInvalid: [
    500,
    'The configuration does not fit: {detail}',
    'See the README for the variables; `wavegate serve --help` lists them.',
  ],
  databaseTooNew: [
    500,
    'The database was changed by a newer wavegate ({migration}).',
    'Use that version or a later one; this one would misread it.',
  ],
  databaseLocked: [
    500,
    'Another wavegate serves {file}.',
    'Stop it first, or talk to it: the CLI does so by itself.',
  ],
  databaseUnreadable: [
    500,
    'The database {file} cannot be opened: {detail}',
    'Check the path and the rights; restore a backup if the file is damaged.',
  ],
  portInUse: [
    500,
    'The port {port} is taken.',
    'Give another one with --port or WAVEGATE_PORT; 0 takes any that is free.',
  ],
  delaysRefused: [
    500,
    '--delays is only for a tenant on this machine, not {host}.',
    'Leave --delays out, or point WAVEGATE_GRAPH_URL at the simulated tenant.',
  ],
  demoRefused: [
    500,
    'The demo’s own call was refused: {code}: {detail}',
    'With --plan: does the plan fit the simulated tenant? `plan lint` checks its text.',
  ],
  internal: [
    500,
    'Something went wrong inside wavegate.',
    'The log has the cause under {id}; nothing that was committed is lost.',
  ],
} as const satisfies Record<string, readonly [status: number, message: string, hint: string]>

export type ErrorCode = keyof typeof ERRORS
export type Details = Record<string, unknown>

/** An error from the catalogue. `details` fill its sentences and travel with it. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: ErrorCode
  readonly status: number
  readonly hint: string
  readonly details: Details

  constructor(code: ErrorCode, details: Details, cause?: unknown) {
    const [status, message, hint] = ERRORS[code]
    super(filled(message, details), cause === undefined ? undefined : { cause })
    this.code = code
    this.status = status
    this.hint = filled(hint, details)
    this.details = details
  }
}

export function fault(code: ErrorCode, details: Details = {}, cause?: unknown): Fault {
  return new Fault(code, details, cause)
}

function filled(sentence: string, details: Details): string {
  const word = (whole: string, name: string) => (name in details ? String(details[name]) : whole)
  return sentence.replace(/\{(\w+)\}/g, word)
}
