/** Server-sent events, read with the token: what EventSource can not do, as it sends no headers. */
import { ownHeaders } from './session.ts'

/**
 * Hears each event until the answer ends; answers its HTTP status. `opened` is called when it has begun. Throws where
 * the server goes away, or `stop` is called for.
 */
export async function readEvents<T>(
  path: string,
  hear: (event: T) => void,
  { opened, stop }: { readonly opened?: () => void; readonly stop?: AbortSignal } = {},
): Promise<number> {
  const { status, body } = await fetch(path, { headers: ownHeaders(), ...(stop && { signal: stop }) })
  if (status !== 200 || !body) return status
  opened?.()
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return status
    const events = (text + value).split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) if (event.startsWith('data: ')) hear(JSON.parse(event.slice(6)) as T)
  }
}
