import { z } from 'zod'

const FILE = /^.*\.[A-Za-z0-9]{1,8}$/

export const tokensSchema = z
  .strictObject({
    from: z
      .string({ error: 'expects:tokensFrom' })
      .trim()
      .max(256, { error: 'expects:tokensFrom' })
      .regex(FILE, { error: 'expects:tokensFrom' })
      .describe(
        'The vendor’s list beside the plan, with the columns upn, serial number, secret key, time interval, manufacturer and model. Its secrets are sealed as it comes in; the list itself is not kept.',
      ),
  })
  .describe(
    'Gives people their hardware tokens (OATH) and activates them with a code made of the secret, so that a token works when it is handed over.',
  )
