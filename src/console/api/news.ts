/** What has changed on the server, heard as it happens: server-sent events, read with the token. */
import { signal } from '@preact/signals'
import { readEvents } from './events.ts'

interface Piece {
  readonly revision: number
  /** Kinds of records; empty at the beginning of a connection, when anything may have changed. */
  readonly types: readonly string[]
  /** There is something new to read of the lab that is being done. */
  readonly lab?: true
  /** The newest entry of the activity list, where there is a new one. */
  readonly activity?: number
  /** Which records of a kind, where they are few. */
  readonly ids?: Readonly<Record<string, readonly string[]>>
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

const once = (hear: (piece: Piece) => void): Promise<number> =>
  readEvents('/_isthmus/events', hear, {
    opened: () => {
      connection.value = 'live'
    },
  })
