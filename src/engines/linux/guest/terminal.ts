/** Pseudo terminals: the kernel's, without a native module. */
import { closeSync, openSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import type { TerminalSize } from '../../engine.ts'
import { errno, ioctl } from '../libc.ts'

const TIOCSPTLCK = 0x40045431
const TIOCGPTPEER = 0x5441
const TIOCSWINSZ = 0x5414
const O_RDWR = 2
const O_NOCTTY = 0o400

export interface Terminal {
  /** What a program there reads and writes; to be closed once it has been given to one. */
  readonly far: number
  /** Where its output comes out and its input goes in. */
  readonly near: ReadStream
  resize(size: TerminalSize): void
  /** Closes `far` here, once a program has it. */
  handedOver(): void
}

/** Opens a terminal by the multiplexer at `path`, to whose file system it belongs. */
export function openTerminal(path: string, size: TerminalSize): Terminal {
  const master = openSync(path, 'r+')
  const resize = (to: TerminalSize) => {
    const words = new Uint16Array([to.rows, to.columns, 0, 0])
    ioctl(master, TIOCSWINSZ, new Uint8Array(words.buffer))
  }
  ioctl(master, TIOCSPTLCK, new Uint8Array(4))
  const far = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY)
  if (far < 0) {
    closeSync(master)
    throw new Error(`no terminal can be had (errno ${errno()})`)
  }
  resize(size)
  return { far, near: new ReadStream(master), resize, handedOver: () => closeSync(far) }
}
