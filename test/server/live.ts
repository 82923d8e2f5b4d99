/** A page as the server sees it: what it asks with its token, and the events that it hears. */

/** Asks below /_isthmus/ of the server whose console is at this address. */
export function pageOf(console: string) {
  const { origin, hash } = new URL(console)
  const headers = { 'x-isthmus-token': new URLSearchParams(hash.slice(1)).get('token') ?? '' }
  return {
    async get<T>(path: string): Promise<T> {
      const response = await fetch(`${origin}/_isthmus/${path}`, { headers })
      if (!response.ok) throw new Error(`${path}: ${response.status}`)
      return (await response.json()) as T
    },
    /** Ends the stream where the reader stops reading. */
    async *events<T>(path: string): AsyncGenerator<T> {
      const stop = new AbortController()
      const { body } = await fetch(`${origin}/_isthmus/${path}`, { headers, signal: stop.signal })
      let text = ''
      try {
        for await (const piece of body ?? []) {
          const parts = (text + Buffer.from(piece).toString()).split('\n\n')
          text = parts.pop() ?? ''
          for (const part of parts) if (part.startsWith('data: ')) yield JSON.parse(part.slice(6)) as T
        }
      } finally {
        stop.abort()
      }
    },
  }
}

/** The next event that is so; the stream goes on. */
export async function first<T>(events: AsyncGenerator<T>, wanted: (event: T) => boolean): Promise<T> {
  for (;;) {
    const { done, value } = await events.next()
    if (done) throw new Error('the events have ended')
    if (wanted(value)) return value
  }
}

/** The first event of a stream, which then ends. */
export async function only<T>(events: AsyncGenerator<T>): Promise<T> {
  const event = await first(events, () => true)
  await events.return(undefined)
  return event
}
