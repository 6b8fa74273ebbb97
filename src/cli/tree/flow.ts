import { styleText } from 'node:util'

export type Style = 'green' | 'yellow' | 'red' | 'cyan' | 'dim' | 'bold'

export interface Span {
  text: string
  style?: Style
}

export interface FlowOptions {
  color: boolean
  width: number
}

/** Sets spans into lines of at most `width`, broken between words; `first` and `rest` stand before them. */
export function flow(
  first: string,
  rest: string,
  spans: readonly Span[],
  { color, width }: FlowOptions,
): string[] {
  const lines: string[] = []
  let line = first
  let used = first.length
  let gap = 0
  for (const { text, style } of spans) {
    for (const word of text.split(' ')) {
      // Padding of a column: it stands between two words of a line, never at its start or end.
      if (word === '') {
        if (gap > 0) gap++
        continue
      }
      if (gap > 0 && used + gap + word.length > width) {
        lines.push(line)
        line = rest
        used = rest.length
        gap = 0
      }
      const shown = color && style ? styleText(style, word, { validateStream: false }) : word
      line += ' '.repeat(gap) + shown
      used += gap + word.length
      gap = 1
    }
  }
  return [...lines, line]
}
