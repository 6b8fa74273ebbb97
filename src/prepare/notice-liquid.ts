import { Liquid } from 'liquidjs'

/** What would read the clock, chance or a file, or switch the escaping off. */
const NOT_FILTERS = ['raw', 'sample', 'date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string']
const NOT_TAGS = ['include', 'render', 'layout', 'block']

/** Characters a rendered template may hold, and milliseconds it may take: a loop without end ends. */
const MOST = 200_000

function liquid(show: (value: unknown) => string): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    strictVariables: true,
    ownPropertyOnly: true,
    templates: {},
    parseLimit: MOST,
    memoryLimit: 10 * MOST,
    renderLimit: 1_000,
    outputEscape: show,
  })
  for (const name of [...NOT_FILTERS, 'date_to_long_string']) delete engine.filters[name]
  for (const name of NOT_TAGS) delete engine.tags[name]
  return engine
}

/** Puts values in as they are: for subjects, and for the text as people read it. */
export const plain: Liquid = liquid((value) => oneLine(value))

/** Puts values in so that Markdown shows them letter by letter: nobody's name is a link or a heading. */
export const inMarkdown: Liquid = liquid((value) => oneLine(value).replace(/[!-/:-@[-`{-~]/g, '\\$&'))

function oneLine(value: unknown): string {
  return String(value ?? '').replace(/\s+/g, ' ')
}
