#!/usr/bin/env node
import { existsSync } from 'node:fs'

// Plain JavaScript, and nothing of ours imported yet: an older Node must get to the end of this file.
const NEEDED = 24
const found = process.versions.node

if (Number(found.split('.')[0]) < NEEDED) {
  console.error(`error nodeTooOld: wavegate needs Node ${NEEDED} or later; this is ${found}.`)
  console.error('  Install a newer Node, or use the npm scripts of the checkout, which bring their own.')
  process.exitCode = 1
} else {
  const source = new URL('./program.ts', import.meta.url)
  const program = existsSync(source) ? source : new URL('./program.js', import.meta.url)
  import(program.href).then(({ main }) => main(process.argv))
}
