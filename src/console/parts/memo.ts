/** A component that is drawn again only where what it is given has changed. */
import { Component, type ComponentType, type FunctionComponent, h } from 'preact'

/** Values are compared by what is in them, one level deep below each property: a new layout makes equal boxes anew. */
export function memo<P extends object>(view: FunctionComponent<P>): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return JSON.stringify(next) !== JSON.stringify(this.props)
    }
    override render() {
      return h(view, this.props as never)
    }
  }
}
