import { mkdirSync, writeFileSync } from 'node:fs'
import { ROLLOUT_STATES, type RolloutState, WAVE_STATES, type WaveState } from '../../machines/language.ts'
import { ROLLOUT_MACHINE } from '../../machines/rollout.ts'
import { WAVE_MACHINE } from '../../machines/wave.ts'
import { rolloutIn, waveIn } from './every-state.ts'

/** `node test/machines/freeze.ts`, once for each machine version: what is frozen already is left alone. */
function freeze(version: number, name: string, saved: unknown): void {
  const folder = new URL(`frozen/v${version}/`, import.meta.url)
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(saved, null, 2)}\n`, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

for (const state of ROLLOUT_STATES) freezeRollout(state)
for (const state of WAVE_STATES) freezeWave(state)

function freezeRollout(state: RolloutState): void {
  freeze(ROLLOUT_MACHINE.version, `rollout-${state}`, rolloutIn(state).saved)
}

function freezeWave(state: WaveState): void {
  freeze(WAVE_MACHINE.version, `wave-${state}`, waveIn(state).saved)
}
