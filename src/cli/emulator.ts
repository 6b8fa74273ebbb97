import type { Command } from 'commander'

export function addEmulator(program: Command): void {
  program.command('emulator')
}
