/** Parts of the page that come when they are first needed, so that the first paint stays small. */
import { useSignal } from '@preact/signals'
import type { ComponentType, FunctionComponent } from 'preact'
import { useEffect } from 'preact/hooks'

interface Lazily<P> {
  readonly View: FunctionComponent<P>
  /** Fetches it before it is needed. */
  fetch(): Promise<unknown>
}

/** A component that `load` brings; until then nothing is drawn in its place. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): Lazily<P> {
  let loaded: ComponentType<P> | undefined
  let loading: Promise<void> | undefined
  const fetch = () => {
    loading ??= load().then((View) => {
      loaded = View
    })
    return loading
  }
  return {
    fetch,
    View(props) {
      const isHere = useSignal(loaded !== undefined)
      useEffect(() => {
        void fetch().then(() => {
          isHere.value = true
        })
      }, [])
      return isHere.value && loaded ? <Loaded View={loaded} props={props} /> : null
    },
  }
}

const Loaded = <P extends object>({ View, props }: { View: ComponentType<P>; props: P }) => <View {...props} />
