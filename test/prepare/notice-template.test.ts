import { describe, expect, test } from 'vitest'
import { type Moment, noticeFields } from '../../src/prepare/notice-fields.ts'
import { languageFor } from '../../src/prepare/notice-language.ts'
import { type ReadTemplate, readTemplate, renderNotice } from '../../src/prepare/notice-template.ts'
import { ownTemplates } from '../../src/prepare/own-templates.ts'

const SWITCH_AT = Date.parse('2026-12-14T07:30:00Z')

function fields(language: string, name = 'Anna Bauer', moment: Moment = 'before') {
  const enforce = {
    by: 'conditional-access' as const,
    group: 'g',
    policy: 'p',
    exceptions: null,
    strength: 'mfa' as const,
    when: 'always' as const,
    trustedLocations: [],
    administrators: null,
    retirePerUserMfa: false,
    revokeSessions: false,
  }
  const plan = { name: 'mfa-2027', change: 'CHG1', timezone: 'Europe/Copenhagen', enforce }
  const person = { name, upn: 'anna.bauer@contoso.com' }
  const at = { moment, isFirst: true, switchAt: SWITCH_AT }
  return noticeFields(plan, { ...at, person, language, contact: 'Help desk, 4545', sender: 'it@contoso.com' })
}

function read(text: string): ReadTemplate {
  return readTemplate('en', new TextEncoder().encode(text))
}

function mail(body: string, name?: string) {
  const found = read(`---\nsubject: For {{ person.name }}\n---\n${body}`)
  if (!found.ok) throw new Error(JSON.stringify(found.problems))
  return renderNotice(found.template, fields('en', name))
}

describe('the templates that come with wavegate', () => {
  test.each([
    ['en', 'Monday, December 14, 2026'],
    ['de', 'Montag, 14. Dezember 2026'],
    ['fr', 'lundi 14 décembre 2026'],
    ['da', 'mandag den 14. december 2026'],
    ['cs', 'pondělí 14. prosince 2026'],
  ])(
    'say in %s from which day on, in the words and the zone of the plan, and whom to ask',
    (language, day) => {
      const template = ownTemplates().find((one) => one.language === language)
      if (!template) throw new Error(`no template of ${language}`)
      const { subject, text, html } = renderNotice(template, fields(language))
      expect(subject).toContain(day)
      expect(text).toContain(`**${day}**`)
      expect(text).toMatch(/\b0?8[:.]30\b/)
      expect(text).toContain('Help desk, 4545')
      expect(html).toContain(`<strong>${day}</strong>`)
      const moments = (['before', 'on', 'after'] as const).map(
        (moment) => renderNotice(template, fields(language, 'Anna', moment)).subject,
      )
      expect(new Set(moments).size).toBe(3)
    },
  )
})

describe('a template of the plan', () => {
  test('that names a field there is not is refused with its line and the fields there are', () => {
    const found = read(
      '---\nsubject: Hello {{ person.name }}\n---\nHello,\n\non {{ swich.date }} it is {{ person }}.\n',
    )
    expect(found).toMatchObject({
      ok: false,
      problems: [
        {
          code: 'templateFieldUnknown',
          line: 6,
          column: 7,
          message: 'It names swich.date, and there is no such field.',
        },
        { code: 'templateFieldUnknown', line: 6, message: 'It names person, and there is no such field.' },
      ],
    })
    expect(found.ok || found.problems[0]?.hint).toContain('switch.date')
  })

  test('names nothing unknown in its subject either, by line and column of the file', () => {
    expect(read('---\nsubject: "On {{ day }}"\n---\nHello\n')).toMatchObject({
      problems: [{ code: 'templateFieldUnknown', line: 2, column: 17 }],
    })
  })

  test.each([
    ['---\nsubject: a\n---\nHello\n{% if strength %}\n', 5, 'not closed'],
    ['---\nsubject: a\n---\n{{ person.name | shout }}', 4, 'undefined filter: shout'],
    ['---\nsubject: a\n---\n\n{{ "now" | date: "%d" }}', 5, 'undefined filter: date'],
    ['---\nsubject: a\n---\n{{ person.name | raw }}', 4, 'undefined filter: raw'],
    ['---\nsubject: a\n---\n{% include "/etc/passwd" %}', 4, 'tag "include" not found'],
    ['---\nsubject: a\n---\nHello\n{% for i in (1..999999999) %}{{ i }}{% endfor %}', 5, 'memory'],
    ['Hello {{ person.name }}', 1, 'no front matter'],
    ['---\nsubject: a\nfrom: me\n---\nHello', 1, 'no front matter'],
  ])('that does not compile is refused with its line: %j', (text, line, message) => {
    const found = read(text)
    expect(found).toMatchObject({ ok: false, problems: [{ code: 'templateInvalid', line }] })
    expect(found.ok || found.problems[0]?.message).toContain(message)
  })

  test('that is no UTF-8 is refused', () => {
    expect(readTemplate('en', Uint8Array.of(0x2d, 0xff, 0xfe))).toMatchObject({
      problems: [{ message: 'It is not text in UTF-8.' }],
    })
  })

  test('shows what people are called letter by letter: no name is markup, a link or a second line', () => {
    const { subject, text, html } = mail(
      'Hello {{ person.name }}!',
      '<script>x</script> [win](https://evil.example) www.evil.example\n# *big*',
    )
    expect(subject).toBe('For <script>x</script> [win](https://evil.example) www.evil.example # *big*')
    expect(text).toContain('[win](https://evil.example)')
    expect(html).not.toMatch(/<script|<a |<em|<h1/)
    expect(html).toContain('&lt;script&gt;x&lt;/script&gt; [win](https://evil.example)')
  })

  test('makes of its Markdown a mail without scripts, pictures and links elsewhere', () => {
    const { html } = mail(
      '**Read** [this](https://contoso.com/mfa) and [that](javascript:alert(1)).\n\n<img src=x onerror=y>\n\n![us](https://t.example/p.png)',
    )
    expect(html).toContain('<strong>Read</strong> <a href="https://contoso.com/mfa">this</a> and that.')
    expect(html).not.toMatch(/<img|javascript:|p\.png/)
  })
})

test('a person is written to in the language they chose, else that of their country, else that of the plan', () => {
  const known = ['en', 'de', 'cs']
  const inLanguage = (preferredLanguage: string | null, usageLocation: string | null) =>
    languageFor({ preferredLanguage, usageLocation }, known, 'en')
  expect(inLanguage('cs-CZ', 'DE')).toBe('cs')
  expect(inLanguage('sv', 'DE')).toBe('de')
  expect(inLanguage(null, 'AT')).toBe('de')
  expect(inLanguage(null, 'CH')).toBe('en')
  expect(inLanguage(null, null)).toBe('en')
})
