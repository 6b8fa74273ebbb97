import { Marked } from 'marked'

const SAFE_LINK = /^(https?:\/\/|mailto:|tel:)/i

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => escapes[sign] as string)
}

const markdown = new Marked({
  gfm: true,
  async: false,
  renderer: {
    // What a template holds of HTML is shown as text: a mail is made of Markdown alone.
    html: ({ text }) => escaped(text),
    image: ({ text }) => escaped(text),
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens)
      return SAFE_LINK.test(href) ? `<a href="${escaped(href)}">${text}</a>` : text
    },
  },
})

/** Markdown as the body of a mail. */
export function htmlOf(text: string, language: string): string {
  const body = markdown.parse(text, { async: false }).trim()
  return `<!DOCTYPE html>\n<html lang="${language}"><body>\n${body}\n</body></html>\n`
}
