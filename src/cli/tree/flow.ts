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
  let begun = false
  for (const { text, style } of spans) {
    for (const word of text.split(' ')) {
      const gap = begun ? 1 : 0
      if (begun && used + gap + word.length > width) {
        lines.push(line)
        line = rest
        used = rest.length
        begun = false
      }
      line += `${begun ? ' ' : ''}${color && style && word !== '' ? styleText(style, word, { validateStream: false }) : word}`
      used += (begun ? 1 : 0) + word.length
      begun = true
    }
  }
  return [...lines, line].map((one) => one.trimEnd())
}
