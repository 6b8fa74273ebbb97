import type { Person } from '../../src/people/person.ts'
import { person } from './people.ts'

/** An export of HR as it comes by mail: semicolons, CRLF, breaks in cells, blank rows, and numbers by hand. */
export const HR_EXPORT = [
  'Osobní číslo;Příjmení;Jméno;Středisko;E-mail;Mobil;Nástup',
  '1001;Nováková;Žofie;Účtárna;zofie.novakova@contoso.com;+420 777123401;1.3.2019',
  '1002;Dvořák;Jiří;Účtárna;jiri.dvorak@contoso.com;777 123 402;1.3.2019',
  '1003;Kříž;Tomáš;"Výroba\r\nHala 2";t.kriz@contoso.com;00420 777 123 403;',
  '1004;Černý;Petr;Výroba;;(+44) 0 7911 123456;',
  ';Šťastná;Eva;Prodej;;+420777123405;',
  ';Novák;Jan;;;+420777123406;',
  '1007;Malá;Lucie;Prodej;lucie.mala@contoso.com;4,20777E+11;',
  '1008;Veselý;Karel;Prodej;karel.vesely@contoso.com;viz sekretariát;',
  '1009;Horák;Pavel;Výroba;pavel.horak@contoso.com;+420777000000;',
  '1010;Němec;Adam;Výroba;adam.nemec@contoso.com;+420 777 000 000;',
  '1011;Pokorná;Jana;Výroba;jana.pokorna@contoso.com;777000000;',
  '1012;Bývalý;Milan;Prodej;milan.byvaly@contoso.com;+420777123412;',
  '1013;Nová;Alena;Prodej;alena.nova@contoso.com;+420777123412;',
  '1014;Zakázaný;Oto;Prodej;oto.zakazany@contoso.com;+420777123414;',
  '1001;Nováková;Žofie;Účtárna;zofie.novakova@contoso.com;+420777999999;',
  '1002;Dvořák;Jiří;Účtárna;jiri.dvorak@contoso.com;777123402;',
  '1002;Dvořák;Jiří;Účtárna;lucie.mala@contoso.com;777123402;',
  '1018;Správce;Ivo;IT;ivo.spravce@contoso.com;+420777123418;',
  '1019;Krátký;Ota;Výroba;ota.kratky@contoso.com;777123419/777123420;',
  '1020;Dlouhá;Ema;Výroba;ema.dlouha@contoso.com;"777123421.0";',
  '1021;Vzorec;Leo;Výroba;leo.vzorec@contoso.com;"\'+420777123422";',
  ';;;;;;',
  ';;;;nobody@fabrikam.com;;',
  '',
  ';;;;;;',
  '',
].join('\r\n')

/** The directory beside it: sign-in names are not mail addresses, one has a second address, two are namesakes. */
export const HR_DIRECTORY: Person[] = [
  hired('1001', 'Žofie Nováková', 'zofie.novakova', 'Účtárna'),
  hired('1002', 'Jiří Dvořák', 'jiri.dvorak', 'Účtárna'),
  {
    ...hired('1003', 'Tomáš Kříž', 'tomas.kriz', 'Výroba'),
    addresses: ['SMTP:tomas.kriz@contoso.com', 'smtp:t.kriz@contoso.com'],
  },
  hired('1004', 'Petr Černý', 'petr.cerny', 'Výroba'),
  hired('1005', 'Eva Šťastná', 'eva.stastna', 'Prodej'),
  hired('1006', 'Jan Novák', 'jan.novak', 'Výroba'),
  hired('2006', 'Jan Novak', 'jan.novak2', 'Prodej'),
  hired('1007', 'Lucie Malá', 'lucie.mala', 'Prodej'),
  hired('1008', 'Karel Veselý', 'karel.vesely', 'Prodej'),
  hired('1009', 'Pavel Horák', 'pavel.horak', 'Výroba'),
  hired('1010', 'Adam Němec', 'adam.nemec', 'Výroba'),
  hired('1011', 'Jana Pokorná', 'jana.pokorna', 'Výroba'),
  hired('1013', 'Alena Nová', 'alena.nova', 'Prodej'),
  { ...hired('1014', 'Oto Zakázaný', 'oto.zakazany', 'Prodej'), accountEnabled: false },
  { ...hired('1018', 'Ivo Správce', 'ivo.spravce', 'IT'), isAdmin: true },
  hired('1019', 'Ota Krátký', 'ota.kratky', 'Výroba'),
  hired('1020', 'Ema Dlouhá', 'ema.dlouha', 'Výroba'),
  hired('1021', 'Leo Vzorec', 'leo.vzorec', 'Výroba'),
]

function hired(employeeId: string, displayName: string, mailbox: string, department: string): Person {
  const upn = `u${employeeId}@contoso.com`
  const mail = `${mailbox}@contoso.com`
  return person(`id-${employeeId}`, { upn, displayName, department, mail, employeeId, usageLocation: 'CZ' })
}
