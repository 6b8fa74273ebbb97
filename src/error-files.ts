/** What can be wrong with a file that a plan names; part of the catalogue in errors.ts. */
export const FILE_ERRORS = {
  fileTooLarge: [
    413,
    'The file is larger than {limit} bytes.',
    'Name so many people by a group or a share, or split the file.',
  ],
  fileNotReadable: [422, 'The file cannot be read as a list of people, line {line}: {detail}', '{remedy}'],
  fileHoldsSecrets: [
    422,
    'This is a list of hardware tokens with their secrets, which is kept nowhere as it is.',
    'Send it to POST /api/v1/hardware-tokens, which seals the secrets; the command line does so for prepare.tokens.',
  ],
  tokenListUnreadable: [
    422,
    'The file cannot be read as a list of hardware tokens, line {line}: {detail}',
    '{remedy}',
  ],
  secretKeyMissing: [
    409,
    'The server has no key to seal the secrets of tokens with.',
    'Set WAVEGATE_SECRET_KEY (32 characters or longer, not kept beside the database) and start the server again.',
  ],
  fileNotFound: [404, 'There is no file {digest}.', 'Upload it: POST /api/v1/files answers with its digest.'],
} as const satisfies Record<string, readonly [status: number, message: string, hint: string]>
