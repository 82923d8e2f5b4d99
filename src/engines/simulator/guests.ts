/** The simulator's guests: up at once, with a console that says what they are. */
import type { Guest, Host } from '../engine.ts'

export interface Guests extends Pick<Host, 'boot' | 'guests' | 'halt' | 'keepDisks' | 'onEnd' | 'console'> {
  guest(node: string): Guest | undefined
  clear(): void
}

/** `now` is in milliseconds since the epoch. */
export function simulatedGuests(now: () => number): Guests {
  const booted = new Map<string, Guest>()
  /** Of those that are halted, too, as of a machine that is off. */
  const consoles = new Map<string, { output: string; at: number }>()
  return {
    guest: (node) => booted.get(node),
    async boot(node, guest) {
      const earlier = booted.get(node)
      if (earlier && earlier.boot >= guest.boot) return
      booted.set(node, guest)
      const before = consoles.get(node)?.output ?? ''
      consoles.set(node, { output: (before + greeting(guest)).slice(-CONSOLE_SIZE), at: now() })
    },
    guests: () => booted,
    async halt(node) {
      booted.delete(node)
    },
    async keepDisks(nodes) {
      for (const node of consoles.keys()) if (!nodes.has(node)) consoles.delete(node)
    },
    // Nobody inside a simulated guest can shut it down.
    onEnd() {},
    console(node) {
      const console = consoles.get(node)
      return console && { output: Buffer.from(console.output), at: console.at }
    },
    clear() {
      booted.clear()
      consoles.clear()
    },
  }
}

const CONSOLE_SIZE = 64 * 1024

const greeting = ({ hostname, boot }: Guest): string =>
  [
    `Simulated instance ${hostname}, boot ${boot}.`,
    'It has no kernel and runs no programs: its packets are simulated, its shell knows a few commands,',
    'and user data is not run. For real instances run Isthmus on Linux.',
    '',
    `${hostname} login: `,
    '',
  ].join('\n')
