/** A line as one types it at a terminal: shown, mended, taken back, and found again in what was typed before. */
import { StringDecoder } from 'node:string_decoder'

export interface LineSource {
  /** The next line; undefined at the end of the input. */
  readLine(prompt: string): Promise<string | undefined>
  /** Input as it comes; null ends it. */
  feed(data: Uint8Array | null): void
}

/** What a key does to the line; `done` ends it. */
type Key = (state: Editing) => void

interface Editing {
  line: string
  readonly prompt: string
  /** From the newest back; where in it the line is from. */
  place: number
  done: { readonly line: string | undefined } | undefined
  readonly history: string[]
  write(text: string): void
}

const ESCAPE = '\x1b'
const CTRL_C = '\x03'
/** A character, or what a terminal sends for a key that is none. */
const KEY = new RegExp(`^${ESCAPE}(\\[[0-9;]*[A-Za-z~]?|O?[A-Za-z]?)|^.`, 'su')

/** `interrupt` is called for Ctrl-C while no line is asked for. */
export function lineEditor(write: (text: string) => void, interrupt: () => void): LineSource {
  const decoder = new StringDecoder('utf8')
  const history: string[] = []
  let typed = ''
  let ended = false
  let editing: (Editing & { resolve(line: string | undefined): void }) | undefined

  function look(): void {
    while (editing && typed !== '') {
      const [key = ''] = KEY.exec(typed) ?? []
      typed = typed.slice(key.length)
      press(editing, key)
      if (editing.done) finish(editing.done.line)
    }
    if (editing && ended) finish(undefined)
  }

  function finish(line: string | undefined): void {
    const { resolve } = editing as NonNullable<typeof editing>
    editing = undefined
    if (line?.trim()) history.push(line)
    resolve(line)
  }

  return {
    readLine: (prompt) =>
      new Promise((resolve) => {
        write(prompt)
        editing = { line: '', prompt, place: 0, done: undefined, history, write, resolve }
        look()
      }),
    feed(data) {
      if (data === null) ended = true
      else typed += decoder.write(Buffer.from(data))
      if (!editing && typed.includes(CTRL_C)) {
        typed = typed.slice(typed.lastIndexOf(CTRL_C) + 1)
        write('^C\n')
        interrupt()
      }
      look()
    },
  }
}

function press(state: Editing, key: string): void {
  const special = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined
  if (special) special(state)
  else if (key >= ' ' && !key.startsWith(ESCAPE)) {
    state.line += key
    state.write(key)
  }
}

const replace = (state: Editing, line: string): void => {
  state.line = line
  state.write(`\r\x1b[K${state.prompt}${line}`)
}

const enter: Key = (state) => {
  state.write('\n')
  state.done = { line: state.line }
}

const erase: Key = (state) => {
  const last = [...state.line].at(-1)
  if (last === undefined) return
  state.line = state.line.slice(0, -last.length)
  state.write('\b \b')
}

/** Leaves through the history, older or newer; below the newest is an empty line. */
const leaf =
  (step: 1 | -1): Key =>
  (state) => {
    const place = state.place + step
    if (place < 0 || place > state.history.length) return
    state.place = place
    replace(state, place === 0 ? '' : (state.history.at(-place) as string))
  }

const KEYS: Readonly<Record<string, Key>> = {
  '\r': enter,
  '\n': enter,
  '\x7f': erase,
  '\b': erase,
  '\x15': (state) => replace(state, ''),
  '\x17': (state) => replace(state, state.line.replace(/\S*\s*$/, '')),
  '\x0c': (state) => state.write(`\x1b[H\x1b[2J${state.prompt}${state.line}`),
  '\x1b[A': leaf(1),
  '\x1bOA': leaf(1),
  '\x1b[B': leaf(-1),
  '\x1bOB': leaf(-1),
  // Ctrl-C gives up the line; Ctrl-D on an empty one ends the input.
  '\x03'(state) {
    state.line = ''
    state.place = 0
    state.write(`^C\n${state.prompt}`)
  },
  '\x04'(state) {
    if (state.line === '') state.done = { line: undefined }
  },
}
