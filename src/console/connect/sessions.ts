/**
 * The terminals of this page: to which instance, by which way, and how far they have come.
 *
 * A session is in the list from the attempt to connect until somebody closes it, whatever else the page shows.
 */
import { type Signal, signal } from '@preact/signals'
import { type Asked, type Exit, type Line, lineTo, type Size } from './line.ts'

export type Way = 'service' | 'endpoint' | 'serial'

export type Phase =
  | { readonly name: 'connecting'; readonly since: number }
  | { readonly name: 'open' }
  | { readonly name: 'failed'; readonly words: string; readonly seconds: number }
  | { readonly name: 'ended'; readonly words: string }

/** Shows what a session says, and takes what is typed. */
export interface Screen {
  readonly size: Size
  /** `done` is called once it is shown. */
  write(data: Uint8Array, done: () => void): void
  /** Everything of an earlier session is gone. */
  clear(): void
}

export interface Session {
  readonly number: number
  readonly instance: string
  readonly way: Way
  readonly user: string
  readonly phase: Signal<Phase>
  line: Line | undefined
  screen: Screen | undefined
  /** What has been said while there was no screen. */
  unseen: Uint8Array[]
}

export const sessions = signal<readonly Session[]>([])
/** Whether only the dock's bar is seen. */
export const folded = signal(false)

const PATHS: Readonly<Record<Way, string>> = {
  service: '/_isthmus/terminal',
  endpoint: '/_isthmus/terminal',
  serial: '/_isthmus/serial',
}
const SIZE: Size = { columns: 80, rows: 24 }
let count = 0

/** A new terminal in the dock; or the one whose attempt at the same has failed, once more. */
export function connect(wish: Pick<Session, 'instance' | 'way' | 'user'>): void {
  folded.value = false
  const failed = sessions.value.find(
    ({ instance, way, user, phase }) =>
      phase.value.name === 'failed' && instance === wish.instance && way === wish.way && user === wish.user,
  )
  connectAgain(failed ?? added(wish))
}

function added(wish: Pick<Session, 'instance' | 'way' | 'user'>): Session {
  const phase = signal<Phase>({ name: 'connecting', since: Date.now() })
  const session: Session = { ...wish, number: ++count, phase, line: undefined, screen: undefined, unseen: [] }
  sessions.value = [...sessions.value, session]
  return session
}

/** The same once more, in its place. */
export function connectAgain(session: Session): void {
  const { instance, user, way, phase, screen } = session
  session.line?.close()
  session.unseen = []
  screen?.clear()
  const since = Date.now()
  phase.value = { name: 'connecting', since }
  const asked: Asked = {
    instance,
    user,
    terminal: screen?.size ?? SIZE,
    ...(way === 'endpoint' && { endpoint: 'auto' }),
  }
  session.line = lineTo(PATHS[way], asked, {
    opened() {
      phase.value = { name: 'open' }
      if (session.screen) session.line?.resize(session.screen.size)
    },
    failed(words) {
      phase.value = { name: 'failed', words, seconds: Math.round((Date.now() - since) / 1000) }
    },
    output: (data) => show(session, data),
    ended(exit) {
      phase.value = { name: 'ended', words: endingOf(exit) }
    },
  })
}

/** Without a screen there is no terminal. */
export function withoutScreen(session: Session): void {
  session.line?.close()
  session.phase.value = { name: 'failed', words: 'The terminal could not be loaded: open the page anew.', seconds: 0 }
}

export function close(session: Session): void {
  session.line?.close()
  sessions.value = sessions.value.filter((one) => one !== session)
}

/** The screen of a session is there from now on. */
export function attach(session: Session, screen: Screen): void {
  session.screen = screen
  session.line?.resize(screen.size)
  for (const data of session.unseen.splice(0)) show(session, data)
}

function show(session: Session, data: Uint8Array): void {
  if (!session.screen) session.unseen.push(data)
  else session.screen.write(data, () => session.line?.shown(data.length))
}

const endingOf = (exit: Exit | undefined): string => {
  if (!exit) return 'The connection to the server was lost.'
  if (exit.signal) return `The session was ended by ${exit.signal}.`
  return exit.code ? `The session has ended with exit code ${exit.code}.` : 'The session has ended.'
}
