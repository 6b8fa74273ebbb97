import { existsSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Real files all the same; a commit waits for no disk. What survives a power cut is not for a test on one machine to show.
const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Mostly waiting for processes or telling one long story: begun last, one of them would be all that still runs. */
const LONG = [
  'test/processes/',
  'test/demo/',
  'test/engine/crash-graduate',
  'test/engine/catch-up',
  'test/engine/crash',
  'test/promises/scenarios',
]

function place({ moduleId }: TestSpecification): number {
  const found = LONG.findIndex((path) => moduleId.includes(path))
  return found === -1 ? LONG.length : found
}

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files)
    return usual.toSorted((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: [],
    env: { TMPDIR: folder },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Every core: vitest leaves one free otherwise, which is half of two.
    maxWorkers: availableParallelism(),
    // The modules keep no state that a test could see of another; read once a worker, they cost a second less a file.
    isolate: false,
    sequence: { sequencer: LongFirst },
  },
})
