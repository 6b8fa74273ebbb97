import { readFileSync } from 'node:fs'
import { fault } from './errors.ts'
import { type MicrosoftDates, microsoftDatesSchema } from './people/microsoft-dates.ts'

/** Microsoft's dates as whoever runs the server has them, in place of ours. @throws configInvalid naming the place */
export function readDatesFile(path: string): MicrosoftDates {
  const variable = 'WAVEGATE_MICROSOFT_DATES'
  let given: unknown
  try {
    given = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw fault('configInvalid', { detail: `${variable}: ${path} is no JSON file that can be read` }, error)
  }
  const read = microsoftDatesSchema.safeParse(given)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw fault('configInvalid', {
    detail: `${variable}: ${path}: ${issue?.path.join('.')}: ${issue?.message}`,
  })
}
