/** The WebSocket of one terminal: what is asked at its beginning, and what goes both ways then. */
import { token } from '../api/session.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** What a terminal is asked for; `endpoint` is an EC2 Instance Connect Endpoint's id, or `auto`. */
export interface Asked {
  readonly instance: string
  readonly user: string
  readonly terminal: Size
  readonly endpoint?: string
}

export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

/** What is heard, in this order: `opened` or `failed`; `output`; `ended`, without an exit where the server has gone. */
export interface Listener {
  opened(): void
  failed(words: string): void
  output(data: Uint8Array): void
  ended(exit?: Exit): void
}

export interface Line {
  type(text: string): void
  /** Bytes that are no text, such as the mouse's. */
  send(data: Uint8Array): void
  resize(size: Size): void
  /** So much of the output has been shown: more is welcome. */
  shown(bytes: number): void
  close(): void
}

interface Message {
  readonly opened?: boolean
  readonly failed?: string
  readonly exit?: Exit
}

const LOST = 'The server does not answer. Start it with `npm start`.'
/** Bytes of one message: what is pasted may be long. */
const MOST = 1 << 16
const encoder = new TextEncoder()

/** The token goes as a subprotocol: a page can set no header of a WebSocket, and an address would be noted. */
export function lineTo(path: string, asked: Asked, listener: Listener): Line {
  const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + path, ['isthmus', `isthmus-token.${token}`])
  socket.binaryType = 'arraybuffer'
  let state: 'asked' | 'open' | 'ended' = 'asked'
  const say = (message: object) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  }
  const hear = ({ opened, failed, exit }: Message) => {
    if (opened) {
      state = 'open'
      listener.opened()
    }
    if (failed === undefined && !exit) return
    state = 'ended'
    if (failed !== undefined) listener.failed(failed)
    else listener.ended(exit)
  }
  socket.onopen = () => say(asked)
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) =>
    typeof data === 'string' ? hear(JSON.parse(data) as Message) : listener.output(new Uint8Array(data))
  socket.onclose = () => {
    if (state === 'asked') listener.failed(LOST)
    if (state === 'open') listener.ended()
  }
  const send = (data: Uint8Array) => {
    if (state !== 'open' || socket.readyState !== WebSocket.OPEN) return
    for (let at = 0; at < data.length; at += MOST) socket.send(data.slice(at, at + MOST))
  }
  return {
    type: (text) => send(encoder.encode(text)),
    send,
    resize: (resize) => say({ resize }),
    shown: (shown) => say({ shown }),
    close() {
      state = 'ended'
      socket.close()
    },
  }
}
