/** A signal's new value, as an expression's end. */
import type { Signal } from '@preact/signals'

export function set<T>(signal: Signal<T>, value: T): void {
  signal.value = value
}
