/** Text that is HTML already. */
export interface Html {
  readonly html: string
}

type Value = string | number | Html | readonly Html[] | null | undefined | false

/** A piece of a page. Whatever is put in is escaped, unless it is a piece itself. */
export function html(pieces: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: String.raw({ raw: pieces }, ...values.map(textOf)) }
}

function textOf(value: Value): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string') return escaped(value)
  if (typeof value === 'number') return value.toLocaleString('en')
  if ('html' in value) return value.html
  return value.map((one) => one.html).join('')
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe between tags and in a quoted attribute; what no text may hold is shown as such. */
function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '�')
      .replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string)
  )
}
