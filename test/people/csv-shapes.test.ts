import { expect, test } from 'vitest'
import { decodeText } from '../../src/people/csv-decode.ts'
import { readPeopleFile } from '../../src/people/csv-people.ts'
import { inCodePage } from './code-pages.ts'
import { person } from './people.ts'
import { reportOf } from './row-report.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

// The shapes administrators have on their disks: mfa-field.md, 5.2.
test.each([
  ['portalStates', 'Username,MFA Status\nann@c.com,Enabled'],
  ['portalStates', '\uFEFFuser name;mfastatus\r\n"ann@c.com";ENFORCED\r\n;\r\n'],
  [
    'numbersImport',
    'UPN,Mobile,AlternateMobile,OfficePhone,ForcedUpdate,ForcedRemoval\nann@c.com,+45 20123456,,,TRUE,',
  ],
  ['numbers', 'UserPrincipalName,PhoneNumber\nann@c.com,+45 20123456'],
  ['numbersResult', 'UPN,DesiredPhone,Action,Result,Detail\nann@c.com,+45 20123456,Add,OK,'],
  [
    'adminDroidReport',
    'Name,UPN,Department,License Status,SignIn Status,Authentication Methods,MFA Status,MFA Phone,Microsoft Authenticator Configured Device,Is 3rd-Party Authenticator Used,Additional Details\nAnn,ann@c.com,Sales,Licensed,Allowed,"SMS, App",Disabled,+45 20123456,,No,',
  ],
  ['entraReport', 'UserPrincipalName,MFA Status,MFA Methods\nann@c.com,Disabled,SMS'],
  [
    'numbersReport',
    'DisplayName,UserPrincipalName,LDAPUserName,PhoneNumber,CleanedPhone\nAnn,ann@c.com,ann,+45 20123456,4520123456',
  ],
  [
    'cippReport',
    'UPN,DisplayName,AccountEnabled,isLicensed,PerUser,MFARegistration,MFACapable,MFAMethods,CoveredByCA,CoveredBySD,CAPolicies,IsAdmin,UserType\nann@c.com,Ann,True,,,,,,,,,False,Member',
  ],
  [
    'tokens',
    'upn,serial number,secret key,time interval,manufacturer,model\nann@c.com,1234567,AAAA,30,Contoso,Key',
  ],
  [
    'hr',
    'Osobní číslo;Příjmení;Jméno;Středisko;E-mail;Telefon (soukromý);Nástup\n7;Bo;Ann;Sales;ann@c.com;+45 20123456;',
  ],
  ['people', 'object id\nann'],
])('a header says that a file is %s', (kind, text) => {
  const read = readPeopleFile(utf8(text))
  expect(read.problems.filter(({ warns }) => !warns)).toEqual([])
  expect(read.shape).toBe(kind)
  const ann = person('ann', { upn: 'ann@c.com', mail: 'ann@c.com', employeeId: '7' })
  const { rows } = reportOf(utf8(text), [ann])
  expect(rows).toHaveLength(1)
  expect(rows[0]?.person).toEqual(ann)
})

test('a status that a report tells is how it was: nobody is refused for it, and nothing is done by it', () => {
  const { rows, problems } = readPeopleFile(
    utf8('UserPrincipalName,MFA Status,MFA Methods\nann@c.com,Disabled,\n'),
  )
  expect(rows.map(({ state }) => state)).toEqual(['none'])
  expect(problems).toMatchObject([{ code: 'csvColumnUnread', warns: true }])
  expect(problems[0]?.message).toContain('says how it was')
})

test('a list of persona tags is known, and refused with a word', () => {
  const text =
    '\uFEFFPersona;TagType;TagValueAD;TagValueCloud;ConditionType;Target;ConditionGroup\na;b;c;d;e;f;g\n'
  expect(readPeopleFile(utf8(text))).toMatchObject({
    rows: [],
    problems: [
      {
        code: 'csvWrongKind',
        line: 1,
        message: expect.stringContaining('it names conditions, and no people'),
      },
    ],
  })
})

test('flags come as text: yes in several languages is yes, and what is neither is asked', () => {
  const head = 'UPN,Mobile,AlternateMobile,OfficePhone,ForcedUpdate,ForcedRemoval\n'
  const ann = person('ann')
  const became = (update: string, removal: string) => {
    const text = `${head}ann,+45 20123456,,,${update},${removal}\n`
    return reportOf(utf8(text), [ann]).rows.map(({ status, cause }) => cause ?? status)
  }
  expect(became('TRUE', 'false')).toEqual(['matched'])
  expect(became('ano', '0')).toEqual(['matched'])
  expect(became('maybe', '')).toEqual(['flagUnclear'])
  expect(became('', 'yes')).toEqual(['removal'])
})

test('a secret of a token is shown nowhere', () => {
  const text =
    'upn,serial number,secret key,time interval,manufacturer,model\nann,1234567,JBSWY3DPEHPK3PXP,30,Contoso,Key\n'
  const { rows } = reportOf(utf8(text), [person('ann')])
  expect(rows[0]?.shown.cells['serial number']).toBe('1234567')
  expect(JSON.stringify(rows)).not.toContain('JBSWY3DPEHPK3PXP')
})

test.each([
  ['windows-1250', 'Příjmení;Jméno\nDvořák;Jiří\nKříž;Bedřich\n'],
  ['windows-1250', 'Nazwisko;Imię\nWałęsa;Michał\nŻak;Józef\n'],
  ['windows-1250', 'Név\nErdős Pál\nKőrösi Ödön\n'],
  ['windows-1252', 'Navn\nSøren Møller\nJørgen Bjørn\n'],
  ['windows-1252', 'Namn\nÅsa Öberg\nBjörn Åkesson\n'],
  ['windows-1252', 'Nom\nHélène Lefèvre\nNoël Gonçalves\n'],
  ['windows-1252', 'Name\nJürgen Groß\n'],
] as const)('text of %s is told by its letters and their neighbours: %s', (page, text) => {
  expect(decodeText(inCodePage(text, page))).toEqual({ text, encoding: page, guessed: true })
})

test('a spreadsheet’s own file is told that it is no table of text, and not shown', () => {
  const workbook = Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x06, 0x00, 0x0a, 0x41, 0x2c, 0x42])
  const [problem] = readPeopleFile(workbook).problems.filter(({ warns }) => !warns)
  expect(problem).toMatchObject({ code: 'csvUnreadable', message: 'This is not a table of text.' })
})
