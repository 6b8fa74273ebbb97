import { writeFileSync } from 'node:fs'
import { planJsonSchema } from './json-schema.ts'

// Run from the root: node src/plan/print-schema.ts schema/rollout.schema.json

const text = `${JSON.stringify(planJsonSchema(), null, 2)}\n`
const file = process.argv[2]
if (file === undefined) process.stdout.write(text)
else writeFileSync(file, text)
