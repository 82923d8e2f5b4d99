/** The terminal that a command runs in: its size, raw mode, and that it is left as it was found. */
import { spawnSync } from 'node:child_process'
import type { TerminalSize } from '../client/exec.ts'

/** Whether a person sits at both ends. */
export const hasTerminal = (): boolean => Boolean(process.stdin.isTTY && process.stdout.isTTY)

/** Of the terminal that output goes to. */
export const terminalSize = (): TerminalSize => ({
  columns: process.stdout.columns || 80,
  rows: process.stdout.rows || 24,
})

/**
 * Every key goes to whoever reads the input, Ctrl-C too, until the returned function is called: it gives the terminal
 * back, as does the end of this process, whatever ends it (but SIGKILL, after which `stty sane` helps).
 */
export function takeOver(onResize: (size: TerminalSize) => void): () => void {
  const resized = () => onResize(terminalSize())
  const giveBack = () => {
    process.off('exit', giveBack)
    process.stdout.off('resize', resized)
    process.stdin.setRawMode(false)
  }
  process.on('exit', giveBack)
  // Node turns SIGWINCH into this.
  process.stdout.on('resize', resized)
  process.stdin.setRawMode(true)
  // Node's raw mode still makes two characters of each line feed, which moves the cursor of full-screen programs.
  spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] })
  return giveBack
}
