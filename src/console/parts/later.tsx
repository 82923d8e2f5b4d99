/** A part of the page that is loaded when it is first shown: what is not seen at once does not delay what is. */
import { signal } from '@preact/signals'
import type { FunctionComponent } from 'preact'

export function later<P extends object>(load: () => Promise<FunctionComponent<P>>): FunctionComponent<P> {
  const loaded = signal<{ readonly View: FunctionComponent<P> } | undefined>(undefined)
  let isAsked = false
  const ask = async () => {
    isAsked = true
    loaded.value = { View: await load() }
  }
  return (props) => {
    if (!isAsked) void ask()
    const { View } = loaded.value ?? {}
    return View ? <View {...props} /> : null
  }
}
