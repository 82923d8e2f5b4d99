/** Lines from a pipe: whole, as they come. */
import { StringDecoder } from 'node:string_decoder'
import type { LineSource } from './line-editor.ts'

export function lineReader(): LineSource {
  const decoder = new StringDecoder('utf8')
  let text = ''
  let ended = false
  let waiting: ((line: string | undefined) => void) | undefined

  function look(): void {
    if (!waiting) return
    const end = text.indexOf('\n')
    const rest = ended && text !== '' ? text.length : -1
    const length = end >= 0 ? end : rest
    if (length < 0 && !ended) return
    const line = length < 0 ? undefined : text.slice(0, length)
    text = length < 0 ? '' : text.slice(length + 1)
    const resolve = waiting
    waiting = undefined
    resolve(line)
  }
  return {
    readLine: () =>
      new Promise((resolve) => {
        waiting = resolve
        look()
      }),
    feed(data) {
      if (data === null) ended = true
      else text += decoder.write(Buffer.from(data))
      look()
    },
  }
}
