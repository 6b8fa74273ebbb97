import type { FileProblem } from './csv-people.ts'
import type { TableRow } from './csv-table.ts'

/** What a column says of a person, or of what is to happen with them. */
export const COLUMNS = [
  'name',
  'id',
  'mail',
  'employeeId',
  'displayName',
  'givenName',
  'surname',
  'department',
  'state',
  'mobile',
  'privatePhone',
  'alternateMobile',
  'office',
  'forcedUpdate',
  'forcedRemoval',
  'serialNumber',
  'secretKey',
  'interval',
  'manufacturer',
  'model',
] as const
export type Column = (typeof COLUMNS)[number]

/** Position of each column in the rows of a file. */
export type Columns = Readonly<Partial<Record<Column, number>>>

/** Headers as `headerKey` writes them: English, and what HR writes in Czech, German, Danish and French. */
const HEADERS: Readonly<Record<Column, string>> = {
  name: 'username userprincipalname upn signinname',
  id: 'id objectid',
  mail: 'mail email emailaddress emailadresse primarysmtpaddress courriel',
  employeeId:
    'employeeid employeenumber employeeno personnelnumber osobnicislo personalnummer medarbejdernr medarbejdernummer matricule',
  displayName: 'name displayname fullname jmenoaprijmeni navn',
  givenName: 'firstname givenname jmeno vorname fornavn prenom',
  surname: 'lastname surname prijmeni nachname efternavn nom',
  department: 'department stredisko oddeleni abteilung afdeling',
  state: 'mfastatus state status',
  mobile:
    'mobile mobilephone mobilenumber phonenumber phone desiredphone mfaphone mobil mobiltelefon telefon handy portable',
  privatePhone: 'telefonsoukromy privatephone telefonprivat privattelefon',
  alternateMobile: 'alternatemobile',
  office: 'officephone businessphone',
  forcedUpdate: 'forcedupdate',
  forcedRemoval: 'forcedremoval',
  serialNumber: 'serialnumber',
  secretKey: 'secretkey',
  interval: 'timeinterval timeintervalseconds',
  manufacturer: 'manufacturer',
  model: 'model',
}

const BY_HEADER = new Map(COLUMNS.flatMap((column) => HEADERS[column].split(' ').map((key) => [key, column])))

/** Without case, blanks, punctuation and accents: `MFA Status`, `mfa_status` and `MFAStatus` are one header. */
export function headerKey(header: string): string {
  return header
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()
}

export function columnNamed(header: string): Column | undefined {
  return BY_HEADER.get(headerKey(header)) as Column | undefined
}

/** Where each column stands. Two that say the same are a problem: which one was meant cannot be known. */
export function columnsOf(head: TableRow, problems: FileProblem[]): Columns {
  const columns: Partial<Record<Column, number>> = {}
  for (const [index, cell] of head.cells.entries()) {
    const column = columnNamed(cell)
    if (column === undefined) continue
    const earlier = columns[column]
    if (earlier === undefined) {
      columns[column] = index
      continue
    }
    const message = `The columns ${head.cells[earlier]} (${earlier + 1}) and ${cell} (${index + 1}) say the same.`
    const hint = 'Keep one of them: which one was meant cannot be known.'
    problems.push({ code: 'csvColumnTwice', line: head.line, message, hint })
  }
  return columns
}

/** The header as somebody may recognise it, not endless. */
export function sayHeaders(cells: readonly string[]): string {
  return cells
    .filter((cell) => cell !== '')
    .slice(0, 10)
    .join(', ')
    .slice(0, 200)
}
