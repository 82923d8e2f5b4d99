/** What has changed on the server, heard as it happens: server-sent events, read with the token. */
import { signal } from '@preact/signals'
import { ownHeaders } from './session.ts'

interface Piece {
  readonly revision: number
  /** Kinds of records; empty at the beginning of a connection, when anything may have changed. */
  readonly types: readonly string[]
  /** There is something new to read of the lab that is being done. */
  readonly lab?: true
}

export type Connection = 'connecting' | 'live' | 'lost' | 'refused'
export const connection = signal<Connection>('connecting')

const AGAIN_MS = 1000

/** Listens for as long as the page is open, and again after the server was away. */
export async function listen(hear: (piece: Piece) => void): Promise<void> {
  for (;;) {
    const status = await once(hear).catch(() => 0)
    connection.value = status === 403 ? 'refused' : 'lost'
    if (status === 403) return
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
}

async function once(hear: (piece: Piece) => void): Promise<number> {
  const { status, body } = await fetch('/_isthmus/events', { headers: ownHeaders() })
  if (status !== 200 || !body) return status
  connection.value = 'live'
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return status
    const events = (text + value).split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) if (event.startsWith('data: ')) hear(JSON.parse(event.slice(6)) as Piece)
  }
}
