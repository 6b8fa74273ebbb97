import { cpus, platform, totalmem } from 'node:os'

// npm run bench: every measurement, one after another. What was measured last stands in README.md beside this file.

const gib = Math.round(totalmem() / 2 ** 30)
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} cores, ${gib} GiB, ${platform()}`,
)

await import('./demo.ts')
await import('./group-writes.ts')
await import('./restore.ts')
await import('./restore-engine.ts')
await import('./per-user.ts')
await import('./hundred-thousand.ts')
await import('./disarm.ts')
await import('./gather.ts')
await import('./readiness.ts')
await import('./csv.ts')
