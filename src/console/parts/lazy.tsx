/** A component that is loaded when it is first shown, so that the first paint stays small. */
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'

type View<P> = (props: P) => ComponentChildren

export function lazy<P extends object>(load: () => Promise<View<P>>): View<P> {
  let loaded: View<P> | undefined
  return function Lazy(props: P) {
    const [View, show] = useState(() => loaded)
    useEffect(() => {
      if (!loaded)
        void load().then((view) => {
          loaded = view
          show(() => view)
        })
    }, [])
    return View ? <View {...props} /> : <p class="hint">Loading …</p>
  }
}
