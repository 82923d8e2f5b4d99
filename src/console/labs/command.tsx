/** A command of a lab's text: to copy, with the ids of what it names where they are known. */
import { useSignal } from '@preact/signals'
import { useContext } from 'preact/hooks'
import { set } from '../parts/set.ts'
import { filled } from './mentions.ts'
import { Names, Text } from './names.tsx'

/** `mark`: exec, which is carried out as it is; or copy, of which something may have to be put in by hand. */
export function Command({ text, mark }: { text: string; mark: string }) {
  const names = useContext(Names)
  const isFilled = useSignal(false)
  const copied = useSignal(false)
  const whole = filled(text, names)
  const canFill = mark === 'exec' && whole !== text && /^aws /.test(text)
  const copy = async () => {
    await navigator.clipboard.writeText(whole)
    copied.value = true
    setTimeout(() => set(copied, false), 2000)
  }
  return (
    <span class="command">
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
