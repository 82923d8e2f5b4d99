/** Names in texts: what stands for a thing of the network lights it on the map, and opens its card. */
import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { NamedView } from '../../lab/course/view.ts'
import { set } from '../parts/set.ts'
import { openCard, pointedAt } from '../state.ts'
import { type Named, onMap, partsOf } from './mentions.ts'

export const Names = createContext<Named>({})

/** The text, its names as links to their cards. */
export function Text({ children }: { children: string }) {
  const names = useContext(Names)
  return (
    <>
      {partsOf(children, names).map(({ text, thing }, i) =>
        thing ? <Thing key={`${i}${text}`} text={text} thing={thing} /> : text,
      )}
    </>
  )
}

/** What lights things while the mouse or the keyboard is on it. */
export const lighting = (ids: readonly string[]) => ({
  onPointerEnter: () => set(pointedAt, ids),
  onPointerLeave: () => set(pointedAt, []),
  onFocusIn: () => set(pointedAt, ids),
  onFocusOut: () => set(pointedAt, []),
})

const Thing = ({ text, thing }: { text: string; thing: NamedView }): ComponentChildren => (
  <a
    class="named"
    href={`#${thing.id}`}
    title={text === thing.id ? 'Open its card' : thing.id}
    {...lighting(onMap(thing))}
    onClick={(event) => {
      event.preventDefault()
      openCard(thing.id)
    }}
  >
    {text}
  </a>
)
