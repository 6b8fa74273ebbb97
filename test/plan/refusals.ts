import { SMALL_PLAN } from './plan-text.ts'

function instead(from: string, to: string): string {
  if (!SMALL_PLAN.includes(from)) throw new Error(`the small plan has no ${from}`)
  return SMALL_PLAN.replace(from, to)
}

function added(text: string): string {
  return `${SMALL_PLAN}${text}\n`
}

/** Plans that are wrong in one way each; the answers stand in refusals.golden.txt. */
export const REFUSALS: Record<string, string> = {
  'not yaml': 'version: 1\nname: [small\nwaves: {',
  'a tab as indentation': 'version: 1\nenforce:\n\tby: conditional-access\n',
  'nothing at all': '# only a comment\n',
  'a list instead of a plan': '- one\n- two\n',
  'fifty megabytes': 'x'.repeat(50_000_000),
  'brackets without end': '['.repeat(100_000),
  'an alias bomb': 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n',
  'two documents': `${SMALL_PLAN}---\n${SMALL_PLAN}`,
  'a tag': instead('Require MFA', '!!js/function "x"'),
  'a key twice': added('name: other'),
  'an unknown key': added('timezon: Europe/Paris'),
  'an unknown key far from any': added('colour: blue'),
  'an unknown key in a wave': instead('    members: rest', '    member: rest\n    members: rest'),
  'a prototype as a key': added('__proto__: { version: 1 }'),
  'a key of later': added('calendar: { open: ["Mon-Thu 08:00-15:00"] }'),
  'catch-up, which comes later': added('catchUp: { name: leftovers, every: 7d }'),
  'soak keys of later': added('gates: { soak: { for: 24h, seen: 60%, atMost: 5d } }'),
  'a quorum, which comes later': added('gates: { approval: { from: approver, quorum: 2 } }'),
  'a wave key of later': instead('{ group: IT }', '{ group: IT, spread: department, max: 20 }'),
  'members from a csv, which comes later': instead('{ group: IT }', '{ csv: people.csv }'),
  'a wave gate of later': instead(
    '{ group: IT }',
    '{ group: IT }\n    gates: { soak: { for: 2d, seen: 100% } }',
  ),
  'per-user MFA, which comes later': instead('conditional-access', 'per-user-mfa'),
  'rollback by machine, which comes later': added(
    'gates: { budget: { lockedOut: { max: 2%, onSpent: rollback } } }',
  ),
  'an unknown answer to a spent budget': added(
    'gates: { budget: { lockedOut: { max: 2%, onSpent: panic } } }',
  ),
  'no version': instead('version: 1\n', ''),
  'a version from the future': instead('version: 1', 'version: 2'),
  'a number as a name': instead('name: small', 'name: 2027'),
  'no waves': SMALL_PLAN.slice(0, SMALL_PLAN.indexOf('waves:')),
  'an empty list of waves': `${SMALL_PLAN.slice(0, SMALL_PLAN.indexOf('waves:'))}waves: []\n`,
  'a wave without members': instead('    members: rest\n', ''),
  'a duration without a unit': added('gates: { soak: { for: 24 } }'),
  'a duration in words': added('gates: { soak: { for: 24 hours } }'),
  'a fraction of a day': added('gates: { soak: { for: 1.5d } }'),
  'a share without %': instead('share: 10%', 'share: 10'),
  'a share over 100 %': instead('share: 10%', 'share: 110%'),
  'a share of nobody': instead('share: 10%', 'share: 0%'),
  'half a person an hour': added('pace: { people: 0.5, per: 1h }'),
  'no time for the pace': added('pace: { people: 10, per: 0h }'),
  'no test user': instead('{ users: [test@contoso.com] }', '{ share: 5% }'),
  'six test users': instead('[test@contoso.com]', '[a@c.com, b@c.com, c@c.com, d@c.com, e@c.com, f@c.com]'),
  'a test user deferred': instead(
    '{ users: [test@contoso.com] }',
    '{ users: [test@contoso.com] }\n    gates: { readiness: { unready: defer, deferAtMost: 50% } }',
  ),
  'a budget for the test users': instead(
    '{ users: [test@contoso.com] }',
    '{ users: [test@contoso.com] }\n    gates: { budget: { lockedOut: { max: 10% } } }',
  ),
  'one emergency account': instead(', bg2@contoso.com]', ']'),
  'the same emergency account twice': instead('bg2@contoso.com', 'BG1@contoso.com'),
  'an emergency account in a wave': instead('[test@contoso.com]', '[test@contoso.com, BG1@contoso.com]'),
  'a person in two waves': instead('{ group: IT }', '{ users: [Test@contoso.com] }'),
  'a group in two waves': instead('{ share: 10% }', '{ group: it }'),
  'the enforcement group as a wave': instead('{ group: IT }', '{ group: MFA required }'),
  'a protected group as a wave': instead('bg2@contoso.com]', 'bg2@contoso.com]\n  groups: [IT]'),
  'an empty list of people': instead('{ group: IT }', '{ users: [] }'),
  'members in two ways': instead('{ group: IT }', '{ group: IT, share: 10% }'),
  'members in no way': instead('{ group: IT }', '{}'),
  'an unknown word for members': instead('members: rest', 'members: others'),
  'rest before the end': instead('{ group: IT }', 'rest'),
  'two waves of one name': instead('name: tenth', 'name: pilot'),
  'a wave name with spaces': instead('name: pilot', 'name: IT Pilot'),
  'an unknown zone': instead('Europe/Copenhagen', 'Europe/Kopenhagen'),
  'an offset instead of a zone': instead('Europe/Copenhagen', '"+02:00"'),
  'no approval and no reason': added('gates: { approval: { from: none } }'),
  'a reason that nobody reads': added('gates: { approval: { from: approver, reason: habit } }'),
  'a soak without a time': added('gates: { soak: {} }'),
  'a soak of nothing': added('gates: { soak: { for: 0h } }'),
  'a budget without a limit': added('gates: { budget: { lockedOut: {} } }'),
  'a budget that is never spent': added('gates: { budget: { failedChanges: { max: 100% } } }'),
  'readiness without a limit': added('gates: { readiness: { unready: defer } }'),
  'a limit on the wrong side': added('gates: { readiness: { min: 95%, deferAtMost: 10% } }'),
  'several at once': instead('timezone: Europe/Copenhagen', 'timezone: Mars/Base').replace(
    'share: 10%',
    'share: 300%',
  ),
}
