import type { SignIn } from '@microsoft/microsoft-graph-types'
import { guid, mix } from '../random.ts'
import { FAILURE_REASONS, type SignInRow } from '../sign-ins/sign-in-row.ts'

const APPS = [
  ['00000002-0000-0ff1-ce00-000000000000', 'Office 365 Exchange Online'],
  ['00000003-0000-0ff1-ce00-000000000000', 'Office 365 SharePoint Online'],
  ['cc15fd57-2c6c-4117-a88c-83b1d56b4bbe', 'Microsoft Teams Services'],
  ['89bee1f7-5e6e-4d8a-9f3d-ecd601259da7', 'Office365 Shell WCSS-Client'],
] as const

export interface SignInBodyOptions {
  seed: number
  tenantId: string
  now: number
}

/** Microsoft's package of types lacks what its metadata has. */
type V1SignIn = SignIn & { id: string; userAgent: string }

/** A row as v1.0 shows it; a row that waits for its correction lacks what Conditional Access decided. */
export function signInBody(row: SignInRow, options: SignInBodyOptions): V1SignIn {
  const { person } = row
  const draw = mix(options.seed, 22, person.index, row.try)
  const [appId, appDisplayName] =
    row.client !== 'modern' ? APPS[0] : (APPS[draw % APPS.length] as (typeof APPS)[number])
  const uncorrected = row.correctedAt > options.now
  const browser = (draw >>> 4) % 2 === 0
  return {
    id: guid(options.seed, `sign-in/${row.number}`),
    createdDateTime: new Date(row.at).toISOString(),
    userDisplayName: person.displayName,
    userPrincipalName: person.userPrincipalName.toLowerCase(),
    userId: person.id,
    appId,
    appDisplayName,
    resourceId: appId,
    resourceDisplayName: appDisplayName,
    ipAddress: row.place.ip,
    clientAppUsed:
      row.client !== 'modern' ? row.client : browser ? 'Browser' : 'Mobile Apps and Desktop clients',
    userAgent: agentOf(row.client, browser),
    correlationId: guid(options.seed, `try/${person.index}/${row.try}`),
    conditionalAccessStatus: uncorrected ? 'notApplied' : row.conditionalAccess,
    isInteractive: true,
    riskDetail: 'none',
    riskLevelAggregated: 'none',
    riskLevelDuringSignIn: 'none',
    riskState: 'none',
    riskEventTypes: [],
    riskEventTypes_v2: [],
    status: {
      errorCode: row.code,
      failureReason: FAILURE_REASONS[row.code] ?? 'Other.',
      additionalDetails: row.details || null,
    },
    deviceDetail: {
      deviceId: '',
      displayName: '',
      operatingSystem: browser ? 'Windows10' : 'Ios 19.1',
      browser: browser ? 'Edge 142.0.0' : 'Mobile Safari',
      isCompliant: false,
      isManaged: false,
      trustType: '',
    },
    location: {
      city: row.place.city,
      state: '',
      countryOrRegion: row.place.country,
      geoCoordinates: { altitude: null, latitude: null, longitude: null },
    },
    appliedConditionalAccessPolicies: uncorrected ? [] : [...row.applied],
  }
}

const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0'
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148'

/** Old programs are not told apart: what passes a name and a password on names itself for all of them. */
function agentOf(client: SignInRow['client'], browser: boolean): string {
  if (client === 'Exchange ActiveSync') return 'Apple-iPhone14C2/2301.355'
  if (client !== 'modern') return 'BAV2ROPC'
  return browser ? BROWSER : PHONE
}
