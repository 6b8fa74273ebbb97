import type { World } from '../engine/world.ts'
import { readPeopleFile } from '../people/csv-people.ts'
import type { CompiledPlan } from '../plan/compiled-plan.ts'
import { errorAt, type Finding, warningAt } from '../plan/problem.ts'

const AT = ['prepare', 'phones', 'from']

/** What is wrong with the file that numbers come from, as a file; its rows are the row report’s. */
export async function phonesFileFindings(world: World, plan: CompiledPlan): Promise<Finding[]> {
  const phones = plan.prepare?.phones
  if (phones?.from.kind !== 'csv') return []
  const { csv, digest } = phones.from
  const bytes = await world.store.read.fileBytes(digest)
  if (bytes === undefined) {
    const message = `No file ${digest} has been uploaded, which the plan names as ${csv}.`
    return [
      errorAt(
        AT,
        'fileMissing',
        message,
        'Upload the file: POST /files; the command line does so by itself.',
      ),
    ]
  }
  const { rows, problems } = readPeopleFile(bytes)
  const found = problems.map(({ code, line, message, hint, warns }) =>
    (warns ? warningAt : errorAt)(AT, code, `${csv}:${line}: ${message}`, hint),
  )
  if (found.some(({ severity }) => severity === 'error') || rows.some((row) => row[phones.type] !== ''))
    return found
  const message = `${csv} has no number for anybody.`
  const hint = `Add a column ${phones.type === 'mobile' ? 'Mobile' : 'OfficePhone'} with people’s numbers.`
  return [...found, errorAt(AT, 'csvColumnMissing', message, hint)]
}
