/** A terminal on the page: xterm.js, in the page's colours. Loaded once somebody connects. */
import { FitAddon } from '@xterm/addon-fit'
import { type ITheme, Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import type { Line } from './line.ts'
import type { Screen } from './sessions.ts'
import { needNoInlineStyle } from './style-elements.ts'

needNoInlineStyle(document)

export interface LiveScreen extends Screen {
  focus(): void
  /** Takes the colours that the page has now. */
  paint(): void
  /** Fits the place that it has now. */
  fit(): void
  readAloud(on: boolean): void
  end(): void
}

interface Uses {
  readonly line: () => Line | undefined
  /** The one key that is none of the terminal's, as it leads out of it. */
  readonly leaveKey: string
  readonly leave: () => void
}

const SCROLLBACK = 10_000
const FONT = 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace'
/** WCAG 2.2 AA: colours that a program chooses are made readable. */
const CONTRAST = 4.5

export function screenIn(place: HTMLElement, { line, leaveKey, leave }: Uses): LiveScreen {
  const terminal = new Terminal({
    fontFamily: FONT,
    fontSize: 13,
    scrollback: SCROLLBACK,
    minimumContrastRatio: CONTRAST,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    theme: themeOf(place),
  })
  const fitting = new FitAddon()
  terminal.loadAddon(fitting)
  terminal.onData((text) => line()?.type(text))
  terminal.onBinary((text) => line()?.send(Uint8Array.from(text, (letter) => letter.charCodeAt(0))))
  terminal.onResize(({ cols, rows }) => line()?.resize({ columns: cols, rows }))
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.key !== leaveKey) return isOfTerminal(event, terminal)
    event.preventDefault()
    if (event.type === 'keydown') leave()
    return false
  })
  terminal.open(place)
  fitting.fit()
  return {
    get size() {
      return { columns: terminal.cols, rows: terminal.rows }
    },
    write: (data, done) => terminal.write(data, done),
    clear: () => terminal.reset(),
    focus: () => terminal.focus(),
    fit: () => fitting.fit(),
    paint() {
      terminal.options.theme = themeOf(place)
    },
    readAloud(on) {
      terminal.options.screenReaderMode = on
    },
    end: () => terminal.dispose(),
  }
}

/** Whether the terminal gets the key: Ctrl+Shift+C copies and Ctrl+Shift+V pastes, as in terminals elsewhere. */
function isOfTerminal(event: KeyboardEvent, terminal: Terminal): boolean {
  const { ctrlKey, shiftKey, code, type } = event
  if (!ctrlKey || !shiftKey) return true
  if (code === 'KeyC') {
    event.preventDefault()
    if (type === 'keydown') void navigator.clipboard.writeText(terminal.getSelection())
  }
  // The browser itself pastes.
  return code !== 'KeyC' && code !== 'KeyV'
}

/** The colours of the place, as the page's style has them. */
function themeOf(place: HTMLElement): ITheme {
  const { color, backgroundColor, caretColor, accentColor } = getComputedStyle(place)
  const selected = { selectionBackground: accentColor, selectionForeground: backgroundColor }
  return {
    foreground: color,
    background: backgroundColor,
    cursor: caretColor,
    cursorAccent: backgroundColor,
    ...selected,
  }
}
