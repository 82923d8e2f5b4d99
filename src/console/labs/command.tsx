/** A command of a lab's text: to copy, with the ids of what it names where they are known. */
import { useSignal } from '@preact/signals'
import { useContext } from 'preact/hooks'
import { set } from '../parts/set.ts'
import { filled } from './mentions.ts'
import { Names, Text } from './names.tsx'

/** What is longer has lines of its own within a sentence. */
const LONG = 36

export function Command({ text }: { text: string }) {
  const names = useContext(Names)
  const isFilled = useSignal(false)
  const copied = useSignal(false)
  const whole = filled(text, names)
  const canFill = whole !== text
  const copy = async () => {
    await navigator.clipboard.writeText(whole)
    copied.value = true
    setTimeout(() => set(copied, false), 2000)
  }
  return (
    <span class={text.length > LONG ? 'command long' : 'command'}>
      <code>
        <Text>{isFilled.value && canFill ? whole : text}</Text>
      </code>
      <span class="command-tools">
        {canFill && (
          <button
            type="button"
            class="quiet"
            aria-pressed={isFilled.value}
            onClick={() => set(isFilled, !isFilled.value)}
          >
            Fill in ids
          </button>
        )}
        <button type="button" class="quiet" onClick={() => void copy()} aria-label={`Copy ${text}`}>
          {copied.value ? 'Copied' : 'Copy'}
        </button>
      </span>
    </span>
  )
}
