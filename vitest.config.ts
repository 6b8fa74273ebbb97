import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { defineConfig } from 'vitest/config'

// Real files all the same; a commit waits for no disk. What survives a power cut is not for a test on one machine to show.
const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: [],
    env: { TMPDIR: folder },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
