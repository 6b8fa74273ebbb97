/** What was done to a number as somebody typed it. */
export type Repair =
  | 'invisible characters'
  | 'full-width digits'
  | 'apostrophe in front'
  | 'decimal point behind'
  | 'tel: in front'
  | 'punctuation'
  | 'double zero for +'
  | 'trunk 0'
  | 'country added'
  | 'spacing'

/** A number as typed, taken apart: digits with a + in front where one was meant, and the extension. */
export type PhoneText =
  | { is: 'digits'; digits: string; extension: string; repairs: Repair[] }
  | { is: 'empty' }
  | { is: 'scientific' }
  | { is: 'twoNumbers' }
  | { is: 'words' }

const LONGEST = 100
/** Fewer digits than any number people are called on. */
const FEW = 5
/** As many digits on both sides of a stroke are two numbers; fewer are an area code and the rest. */
const A_NUMBER = 7

/** Blanks of every width, and characters that are not seen at all. */
const INVISIBLE = /[\p{Zs}\p{Cf}\u2028\u2029]/gu
const SCIENTIFIC = /^[+-]?\d(?:[.,]\d+)?e\+?\d+$/i
const EXTENSION = /[\s.,;-]*(?:extension|ext\.?|x|#|kl\.?|linka|durchwahl|dw\.?)[\s.:]*(\d{1,11})$/i
const BETWEEN_NUMBERS = /[/;,|\n\r]|\s(?:or|oder|nebo|and|und|a)\s/i

/** Reads what stands in a directory or a file, without knowing any country. */
export function takeApart(typed: string): PhoneText {
  const repairs: Repair[] = []
  const note = (repair: Repair, before: string, after: string) => {
    if (before !== after) repairs.push(repair)
    return after
  }
  let text = typed.replace(INVISIBLE, ' ')
  if (text.trim() !== typed.trim()) repairs.push('invisible characters')
  text = note('full-width digits', text, text.normalize('NFKC')).trim()
  if (SCIENTIFIC.test(text)) return { is: 'scientific' }
  text = note('apostrophe in front', text, text.replace(/^['’‘`´]\s*/, ''))
  text = note('tel: in front', text, text.replace(/^tel:\s*/i, ''))
  text = note('decimal point behind', text, text.replace(/[.,]0+$/, ''))

  if (text.length > LONGEST) return { is: 'words' }
  const all = digitsOf(text)
  const hasWords = /\p{L}/u.test(text)
  if (all === '' || /^0+$/.test(all) || (hasWords && all.length < FEW)) return { is: 'empty' }
  if (isTwo(text)) return { is: 'twoNumbers' }
  const extension = EXTENSION.exec(text)
  const main = extension ? text.slice(0, extension.index) : text
  if (/\p{L}/u.test(main)) return { is: 'words' }

  const plus = /^\W*\+/.test(main)
  let digits = digitsOf(main)
  if (/[^\d+\s]/.test(main)) repairs.push('punctuation')
  if (!plus && digits.startsWith('00')) {
    repairs.push('double zero for +')
    digits = `+${digits.slice(2)}`
  } else if (plus) digits = `+${digits}`
  return { is: 'digits', digits, extension: extension?.[1] ?? '', repairs }
}

function isTwo(text: string): boolean {
  if ((text.match(/\+/g)?.length ?? 0) > 1) return true
  return text.split(BETWEEN_NUMBERS).filter((part) => digitsOf(part).length >= A_NUMBER).length > 1
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '')
}
