/** Pseudo terminals: the kernel's, without a native module. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import type { TerminalSize } from '../../engine.ts'
import { errno, ioctl, openBeneath } from '../libc.ts'

const TIOCSPTLCK = 0x40045431
const TIOCGPTPEER = 0x5441
const TIOCSWINSZ = 0x5414
const O_RDWR = 2
const O_NOCTTY = 0o400
const O_CLOEXEC = 0o2000000
/** The device of every multiplexer: 5, 2. */
const MULTIPLEXER = 0x502

export interface Terminal {
  /** What a program there reads and writes; to be closed once it has been given to one. */
  readonly far: number
  /** Where its output comes out and its input goes in. */
  readonly near: ReadStream
  resize(size: TerminalSize): void
  /** Closes `far` here, once a program has it. */
  handedOver(): void
}

/** Opens a terminal of the guest whose first process is `pid`. */
export function openTerminal(pid: number, size: TerminalSize): Terminal {
  const master = openMultiplexer(pid)
  const resize = (to: TerminalSize) => {
    const words = new Uint16Array([to.rows, to.columns, 0, 0])
    ioctl(master, TIOCSWINSZ, new Uint8Array(words.buffer))
  }
  ioctl(master, TIOCSPTLCK, new Uint8Array(4))
  const far = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)
  if (far < 0) {
    closeSync(master)
    throw new Error(`no terminal can be had (errno ${errno()})`)
  }
  resize(size)
  return { far, near: new ReadStream(master), resize, handedOver: () => closeSync(far) }
}

/** What stands at its name is the guest's to choose: no link is followed, and nothing else is taken for it. */
function openMultiplexer(pid: number): number {
  const root = openSync(`/proc/${pid}/root`, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    const fd = openBeneath(root, 'dev/pts/ptmx', O_RDWR | O_NOCTTY | O_CLOEXEC | constants.O_NONBLOCK)
    if (fd >= 0 && fstatSync(fd).rdev === MULTIPLEXER) return fd
    if (fd >= 0) closeSync(fd)
    throw new Error('no terminal can be had: the instance has no /dev/pts/ptmx')
  } finally {
    closeSync(root)
  }
}
