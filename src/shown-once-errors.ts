/** The errors of what is shown once, tokens and temporary access passes; a part of the catalogue. */
export const SHOWN_ONCE_ERRORS = {
  tokenAlreadyShown: [
    409,
    'The token {id} of {person} was made and shown by this request before, and is kept nowhere.',
    'Revoke it and make another one with a new Idempotency-Key.',
  ],
  passBarred: [409, 'No temporary access pass for {person}: {because}.', '{instead}'],
  passPolicyOff: [
    409,
    'The tenant’s policy gives {person} no such temporary access pass: {because}.',
    'Entra admin centre, Authentication methods, Policies, Temporary Access Pass: switch it on for a group the person is in.',
  ],
  passLifetime: [
    422,
    'A pass cannot be good for {lifetime}.',
    'The tenant’s policy allows {least} to {most} minutes: 60m, 8h.',
  ],
  passUnknown: [
    502,
    'Microsoft did not say whether the pass for {person} was made.',
    'Nobody knows its value. Ask for another one, which takes its place.',
  ],
  passAlreadyShown: [
    409,
    'The pass of {person} was made and shown by this request before, and is kept nowhere.',
    'Ask for another one with a new Idempotency-Key; it takes the place of the first.',
  ],
} as const satisfies Record<string, readonly [status: number, message: string, hint: string]>
