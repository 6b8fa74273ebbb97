import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { clean } from '../../src/cli/output.ts'
import { renderTree } from '../../src/cli/tree/render-tree.ts'
import { hold, MOMENTS, rollout, wave } from './views.ts'

const WIDE = { color: false, width: 100 }

test('the status tree at the moments people look at it', async () => {
  const drawn = Object.entries(MOMENTS).map(([name, view]) => `# ${name}\n${renderTree(view, WIDE)}\n`)
  await expect(drawn.join('\n')).toMatchFileSnapshot(join(import.meta.dirname, 'tree.golden.txt'))
})

test('colour adds nothing but colour', () => {
  for (const view of Object.values(MOMENTS)) {
    const coloured = renderTree(view, { ...WIDE, color: true })
    expect(coloured).not.toBe(renderTree(view, WIDE))
    expect(stripVTControlCharacters(coloured)).toBe(renderTree(view, WIDE))
  }
})

test.each([40, 60, 80, 200])(
  'no line is wider than a terminal of %i columns, and nothing is left out',
  (width) => {
    const words = (text: string) =>
      text
        .replace(/[├└─│]/g, ' ')
        .split(/\s+/)
        .filter(Boolean)
    for (const view of Object.values(MOMENTS)) {
      const drawn = renderTree(view, { color: false, width })
      for (const line of drawn.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
      expect(words(drawn)).toEqual(words(renderTree(view, { color: false, width: Number.POSITIVE_INFINITY })))
    }
  },
)

test('every hold is told with its reason and what lifts it', () => {
  const drawn = renderTree(MOMENTS.held ?? rollout(), { color: false, width: Number.POSITIVE_INFINITY })
  expect(drawn).toContain(
    'held: user since 2026-03-04 13:00 UTC by olga@contoso.com: lunch. Lifted by resume. Now 80 min old; escalates at 2026-03-11 13:00 UTC.',
  )
  expect(drawn).toContain('held: budgetSpent (lockedOut)')
  expect(drawn).toContain('Lifted by rollback of the wave.')
})

test('who is prepared is told in words, and whose number has a warning is counted', () => {
  const prepared = [
    { step: 'phones', outcome: 'done', people: 40, warned: 3 },
    { step: 'phones', outcome: 'needs', people: 1, warned: 0 },
    { step: 'tokens', outcome: 'needs', people: 2, warned: 0 },
  ] as const
  const view = rollout({ waves: [wave('pilot', { state: 'preparing', prepared: [...prepared] })] })
  expect(renderTree(view, { color: false, width: Number.POSITIVE_INFINITY })).toContain(
    'prepared: phones: 40 done (3 with a warning), 1 needs a person to look; tokens: 2 need a person to look',
  )
})

test('what stands in a directory cannot steer a terminal', () => {
  const evil = rollout({
    waves: [wave('pilot', { state: 'soaking', holds: [hold({ reason: '\u001b[2Jgone\u009b31m' })] })],
  })
  expect(renderTree(clean(evil), WIDE)).not.toContain('\u001b')
})
