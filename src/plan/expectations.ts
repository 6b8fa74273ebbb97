import type { ProblemCode } from './problem.ts'
import { SPREAD_ATTRIBUTES } from './schema-members.ts'

export type Expectation = { code: ProblemCode; what: string; hint: string }

/** The names that schema parts give as their `error`, in words. */
export const EXPECTATIONS: Record<string, Expectation> = {
  text: {
    code: 'wrongType',
    what: 'text',
    hint: 'Write text of 1 to 256 characters; quote it if it is a number.',
  },
  list: { code: 'wrongType', what: 'a list', hint: 'Write a list, such as [one, two].' },
  slug: {
    code: 'nameNotSlug',
    what: 'a short name',
    hint: 'Use small letters, digits and hyphens, at most 60, such as wave-1.',
  },
  duration: {
    code: 'wrongUnit',
    what: 'a duration',
    hint: 'Write a whole number and one of s, m, h, d: 90s, 30m, 24h, 3d.',
  },
  percent: { code: 'wrongUnit', what: 'a percentage', hint: 'Write a number and %: 10% or 2.5%.' },
  whole: {
    code: 'wrongType',
    what: 'a whole number of people',
    hint: 'Write a whole number of at least 1, such as 200.',
  },
  administrators: {
    code: 'wrongValue',
    what: 'own-policy, or a group and a policy',
    hint: 'Write administrators: own-policy, or administrators: { group: NAME, policy: NAME }.',
  },
  location: {
    code: 'wrongValue',
    what: 'a named location',
    hint: 'Write its name, or { name: HQ, ranges: [203.0.113.0/24] } to have it made.',
  },
  when: {
    code: 'wrongValue',
    what: 'always or risk',
    hint: 'Write when: always, or when: risk with Entra ID P2.',
  },
  strength: {
    code: 'wrongValue',
    what: 'mfa, passwordless or phishing-resistant',
    hint: 'Write strength: mfa, strength: passwordless or strength: phishing-resistant.',
  },
  language: {
    code: 'wrongValue',
    what: 'a language',
    hint: 'Write its two letters in small: en, de, cs.',
  },
  unreachable: {
    code: 'wrongValue',
    what: 'defer or enforce',
    hint: 'Write unreachable: defer, or unreachable: enforce to switch them all the same.',
  },
  enforcer: {
    code: 'wrongValue',
    what: 'a way to demand MFA',
    hint: 'Write by: conditional-access or by: per-user-mfa.',
  },
  members: {
    code: 'wrongValue',
    what: 'the members of a wave',
    hint: 'Write { users: [...] }, { csv: FILE }, { group: NAME }, { filter: { ... } }, { share: 10% } or one of the words rest and administrators.',
  },
  rest: {
    code: 'wrongValue',
    what: 'true',
    hint: 'Write rest: true beside a limit, or members: rest without one.',
  },
  spread: {
    code: 'wrongValue',
    what: 'an attribute to spread over',
    hint: `Write one of ${SPREAD_ATTRIBUTES.join(', ')}.`,
  },
  words: {
    code: 'wrongType',
    what: 'text or a list of texts',
    hint: 'Write one value, such as Sales, or a list, such as [Sales, Legal].',
  },
  userType: { code: 'wrongValue', what: 'Member or Guest', hint: 'Write Member or Guest.' },
  boolean: { code: 'wrongType', what: 'true or false', hint: 'Write true or false.' },
  version: { code: 'wrongValue', what: 'the plan format 1', hint: 'Write version: 1.' },
  waves: {
    code: 'noTestUser',
    what: 'a list of waves',
    hint: 'Start with a wave of one to five named test users.',
  },
  unready: { code: 'wrongValue', what: 'hold or defer', hint: 'Write unready: hold or unready: defer.' },
  approval: {
    code: 'wrongValue',
    what: 'approver or none',
    hint: 'Write from: approver, or from: none with a reason.',
  },
  allUsers: { code: 'wrongValue', what: 'all-users', hint: 'Write graduate: all-users, or leave it out.' },
  newJoiners: {
    code: 'wrongValue',
    what: 'last-wave, catch-up or none',
    hint: 'Write newJoiners: last-wave, newJoiners: catch-up or newJoiners: none.',
  },
  onExpire: {
    code: 'wrongValue',
    what: 'escalate or note',
    hint: 'Write onExpire: escalate or onExpire: note.',
  },
  phonesFrom: {
    code: 'wrongValue',
    what: 'directory or the name of a file',
    hint: 'Write from: directory, or the name of a file beside the plan, such as from: numbers.csv.',
  },
  tokensFrom: {
    code: 'wrongValue',
    what: 'the name of a file',
    hint: 'Write the name of the vendor’s list beside the plan, such as from: tokens.csv.',
  },
  region: {
    code: 'wrongValue',
    what: 'a country in two letters',
    hint: 'Write the two capital letters of ISO 3166, such as region: DK.',
  },
  onDifferent: {
    code: 'wrongValue',
    what: 'keep or replace',
    hint: 'Write onDifferent: keep or onDifferent: replace.',
  },
  phoneType: { code: 'wrongValue', what: 'mobile or office', hint: 'Write type: mobile or type: office.' },
  campaignMethod: {
    code: 'wrongValue',
    what: 'microsoftAuthenticator or passkey',
    hint: 'Write method: microsoftAuthenticator or method: passkey.',
  },
  snooze: {
    code: 'wrongUnit',
    what: 'whole days up to fourteen',
    hint: 'Write 0d (asked at every MFA) to 14d, such as snooze: 3d.',
  },
  quorum: {
    code: 'wrongValue',
    what: 'a number of approvers',
    hint: 'Write a whole number from 1 to 20, such as quorum: 2.',
  },
  onSpent: { code: 'wrongValue', what: 'hold', hint: 'Write onSpent: hold.' },
}
