import { Lexer } from 'yaml'

const MAX_NESTING = 24
const MAX_TOKENS = 120_000
const SCALAR_FOLLOWS = '\x1f'

/**
 * Finds in one linear pass what the parser would spend seconds on: brackets, list marks or key marks
 * nested without end, rows of empty commas, or sheer number. Gives the offset, or nothing.
 */
export function hostileOffset(text: string): number | undefined {
  let offset = 0
  let tokens = 0
  let brackets = 0
  let marks = 0
  let previous = ''
  let lastMeaningful = ''
  for (const token of new Lexer().lex(text)) {
    const isContent = previous === SCALAR_FOLLOWS
    previous = token
    if (!isContent) {
      if (token === '[' || token === '{') brackets += 1
      else if (token === ']' || token === '}') brackets -= 1
      else if (token === '-' || token === '?') marks += 1
      else if (token === '\n' || token === '\r\n') marks = 0
      if (token === ',' && lastMeaningful === ',') return offset
      tokens += 1
      if (tokens > MAX_TOKENS || brackets > MAX_NESTING || marks > MAX_NESTING) return offset
    }
    if (token.trim() !== '') lastMeaningful = token
    if (!isControl(token)) offset += token.length
  }
  return undefined
}

/** The lexer's marks for document start, flow error, scalar and byte order mark take no room in the text. */
function isControl(token: string): boolean {
  return token === '\x02' || token === '\x18' || token === SCALAR_FOLLOWS || token === '\u{FEFF}'
}
