/** `isthmus lab run`: plays a guided lab. */
import type { Command } from 'commander'

export function registerLab(program: Command): void {
  program.command('lab')
}
