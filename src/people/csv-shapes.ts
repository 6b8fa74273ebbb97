import { headerKey } from './csv-columns.ts'

/** What a file is, as its header says: the shapes administrators have on their disks. */
export type ShapeName =
  | 'portalStates'
  | 'numbersImport'
  | 'numbersResult'
  | 'numbers'
  | 'numbersReport'
  | 'adminDroidReport'
  | 'entraReport'
  | 'cippReport'
  | 'tokens'
  | 'personaTags'
  | 'hr'
  | 'people'

export type Shape = {
  name: ShapeName
  says: string
  /** What its MFA status is: what somebody wants, or how it was when a report was made. */
  state: 'wanted' | 'reported'
  /** Headers that only this shape has together, as `headerKey` writes them. */
  has: string
  /** Headers that are known to it and say nothing here; no warning is due. */
  besides?: string
}

/** The first that fits is it. */
const SHAPES: readonly Shape[] = [
  {
    name: 'tokens',
    says: 'a vendor’s list of hardware tokens',
    state: 'wanted',
    has: 'serialnumber secretkey',
  },
  {
    name: 'personaTags',
    says: 'a list of persona tags',
    state: 'wanted',
    has: 'persona tagtype conditiongroup',
  },
  {
    name: 'numbersImport',
    says: 'numbers to set, as AuthMethodsImport.csv has them',
    state: 'wanted',
    has: 'mobile forcedupdate forcedremoval',
  },
  {
    name: 'numbersResult',
    says: 'what a script did with numbers',
    state: 'reported',
    has: 'desiredphone action result',
    besides: 'action result detail',
  },
  {
    name: 'numbersReport',
    says: 'numbers that a script read from the tenant',
    state: 'reported',
    has: 'phonenumber cleanedphone',
    besides: 'cleanedphone ldapusername',
  },
  {
    name: 'adminDroidReport',
    says: 'an AdminDroid report',
    state: 'reported',
    has: 'upn mfastatus mfaphone authenticationmethods',
    besides:
      'licensestatus signinstatus authenticationmethods microsoftauthenticatorconfigureddevice is3rdpartyauthenticatorused additionaldetails',
  },
  {
    name: 'cippReport',
    says: 'a CIPP report',
    state: 'reported',
    has: 'upn peruser mfaregistration coveredbyca',
    besides:
      'accountenabled islicensed peruser mfaregistration mfacapable mfamethods coveredbyca coveredbysd capolicies isadmin usertype',
  },
  {
    name: 'entraReport',
    says: 'an export of Entra',
    state: 'reported',
    has: 'mfastatus mfamethods',
    besides: 'mfamethods',
  },
  { name: 'portalStates', says: 'the portal’s bulk update', state: 'wanted', has: 'username mfastatus' },
  {
    name: 'numbers',
    says: 'a list of people and numbers',
    state: 'wanted',
    has: 'userprincipalname phonenumber',
  },
]

const OTHERS: readonly Shape[] = [
  {
    name: 'hr',
    says: 'an export of HR',
    state: 'reported',
    has: '',
    besides: 'nastup eintritt startdate hiredate ansat',
  },
  { name: 'people', says: 'a list of people', state: 'wanted', has: '' },
]

/** Which shape a header has. Whoever is named by anything but sign-in name or id alone comes from HR. */
export function shapeOf(headers: readonly string[], namesBySignIn: boolean): Shape {
  const keys = new Set(headers.map(headerKey))
  const found = SHAPES.find(({ has }) => has.split(' ').every((key) => keys.has(key)))
  if (found) return found
  const other = namesBySignIn || keys.has('mfastatus') ? 'people' : 'hr'
  return OTHERS.find(({ name }) => name === other) as Shape
}

/** A header that is known to the shape and read for nothing. */
export function isBesides({ besides }: Shape, header: string): boolean {
  return besides?.split(' ').includes(headerKey(header)) === true
}
