/** What a look at the tenant found to be otherwise than it must be, and what to do. */
export interface Finding {
  code: FindingCode
  message: string
  hint: string
}

export type FindingCode =
  | 'groupMissing'
  | 'groupAmbiguous'
  | 'groupDynamic'
  | 'groupSynchronised'
  | 'groupRoleAssignable'
  | 'groupNotSecurity'
  | 'groupNested'
  | 'groupHoldsGroups'
  | 'groupNotEmpty'
  | 'groupForeign'
  | 'policyAmbiguous'
  | 'policyForeign'
  | 'policyDiffers'
  | 'policyTurnedOff'
  | 'strengthMissing'
  | 'strengthAmbiguous'
  | 'riskUnlicensed'
  | 'locationMissing'
  | 'locationAmbiguous'
  | 'locationRefused'
  | 'locationDiffers'
  | 'securityDefaultsOn'
  | 'securityDefaultsOff'
  | 'policyLimit'
  | 'approvalMissing'
  | 'senderRefused'
  | 'licenceMissing'
  | 'eligibleUnknown'
  | 'coveredByConditionalAccess'
  | 'emergencyAccount'
  | 'emergencyAccountUnproven'
  | 'operatorNotReady'
  | 'phoneMethodOff'
  | 'phonePolicyUnclear'
  | 'phoneSignsIn'
  | 'campaignGroup'
  | 'campaignMethodOff'
  | 'campaignMethodDiffers'
  | 'campaignExcluded'
  | 'campaignChanges'
  | 'secretKeyMissing'
  | 'tokenMethodOff'
  | 'tokenStaysInInventory'
  | 'planNoLongerFits'

export function finding(code: FindingCode, message: string, hint: string): Finding {
  return { code, message, hint }
}
