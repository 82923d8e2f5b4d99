/** A simulated process: its output, what is typed into it, and the signals that it gets. */
import type { Running } from '../engine.ts'
import { type LineSource, lineEditor } from './shell/line-editor.ts'
import { lineReader } from './shell/line-reader.ts'

/** What a program is given of the world. */
export interface Io {
  readonly terminal: boolean
  write(stream: 'stdout' | 'stderr', text: string): void
  /** The next line of input; undefined at its end. */
  readLine(prompt: string): Promise<string | undefined>
  /** Runs a command that Ctrl-C interrupts. */
  foreground<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T>
  /** Resolves after `ms`, or at once when stopped; and not while the output is held back. */
  sleep(ms: number, stop: AbortSignal): Promise<void>
}

type OutputListener = Parameters<Running['onOutput']>[0]

/** Starts a program; it returns its exit code. With a terminal, its lines end and are edited as there. */
export function startProcess(terminal: boolean, program: (io: Io) => Promise<number>): Running {
  const listeners: OutputListener[] = []
  const write = (stream: 'stdout' | 'stderr', text: string) => {
    const data = Buffer.from(terminal ? text.replaceAll('\n', '\r\n') : text)
    for (const listener of listeners) listener(terminal ? 'stdout' : stream, data)
  }
  const signals = signalsOf()
  const output = gate()
  const input: LineSource = terminal ? lineEditor((text) => write('stdout', text), signals.interrupt) : lineReader()
  const io: Io = {
    terminal,
    write,
    readLine: (prompt) => {
      signals.begin()
      return Promise.race([input.readLine(prompt), signals.ended])
    },
    foreground: signals.foreground,
    async sleep(ms, stop) {
      await sleep(ms, stop)
      await output.open
    },
  }
  // A turn of the event loop later, so that whoever started it can listen first.
  const finished = new Promise<void>((resolve) => setImmediate(resolve)).then(() => program(io))
  return {
    onOutput: (listener) => void listeners.push(listener),
    exit: finished.then((code) => {
      const signal = signals.ending()
      return signal ? { code: null, signal } : { code, signal: null }
    }),
    write: (data) => input.feed(data),
    kill: signals.send,
    resize: () => {},
    hold: output.hold,
  }
}

/** SIGINT stops what runs in the foreground; the others end the process, too. */
function signalsOf() {
  let running: AbortController | undefined
  let ending: NodeJS.Signals | undefined
  const ended = Promise.withResolvers<undefined>()
  /** Before it has begun, SIGINT is kept for what it begins with. */
  let begun = false
  let early = false
  const interrupt = () => {
    early = !begun
    running?.abort()
  }
  return {
    interrupt,
    begin() {
      begun = true
    },
    ended: ended.promise,
    ending: () => ending,
    async foreground<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
      const own = new AbortController()
      running = own
      begun = true
      if (ending || early) own.abort()
      try {
        return await work(own.signal)
      } finally {
        running = undefined
        early = false
      }
    },
    send(signal: NodeJS.Signals) {
      if (!(signal in ends)) return
      if (ends[signal as keyof typeof ends]) {
        ending = signal
        ended.resolve(undefined)
      }
      interrupt()
    },
  }
}

const ends = { SIGINT: false, SIGQUIT: true, SIGTERM: true, SIGHUP: true, SIGKILL: true } as const

/** Shut while the output is held back. */
function gate() {
  let shut: PromiseWithResolvers<void> | undefined
  return {
    get open(): Promise<void> | undefined {
      return shut?.promise
    },
    hold(held: boolean): void {
      if (held) shut ??= Promise.withResolvers<void>()
      else {
        shut?.resolve()
        shut = undefined
      }
    },
  }
}

function sleep(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve()
    const wake = () => {
      clearTimeout(timer)
      stop.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    stop.addEventListener('abort', wake)
  })
}
