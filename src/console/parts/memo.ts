/** A component that is drawn again only where what it is given has changed. */
import { Component, type ComponentType, type FunctionComponent, h } from 'preact'

/** Values are compared by what is in them: a new layout makes equal boxes anew. */
export function memo<P extends object>(view: FunctionComponent<P>): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !isEqual(next, this.props)
    }
    override render() {
      return h(view, this.props as never)
    }
  }
}

/** Of plain data. */
function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false
  const keys = Object.keys(one)
  if (keys.length !== Object.keys(other).length) return false
  return keys.every((key) => isEqual(one[key as keyof typeof one], other[key as keyof typeof other]))
}
