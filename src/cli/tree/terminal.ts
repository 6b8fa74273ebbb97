import type { FlowOptions } from './flow.ts'

const WIDE = 100
const NARROWEST = 40

/** How the terminal wants it: no colour where nobody looks or NO_COLOR is set, no breaking of lines in a file. */
export function look(stream: NodeJS.WriteStream = process.stdout): FlowOptions {
  if (!stream.isTTY) return { color: false, width: Number.POSITIVE_INFINITY }
  return { color: !process.env.NO_COLOR, width: Math.max(stream.columns || WIDE, NARROWEST) }
}

/** Draws over what it drew before. */
export function redrawer(stream: NodeJS.WriteStream = process.stdout): (text: string) => void {
  let drawn = 0
  return (text) => {
    const lines = text.split('\n')
    // Higher than the screen: what scrolled away cannot be drawn over, so its end is what is shown.
    const shown = lines.slice(-Math.max(1, (stream.rows || lines.length + 1) - 1))
    stream.write(`${drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : ''}${shown.join('\n')}\n`)
    drawn = shown.length
  }
}
