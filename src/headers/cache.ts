/** What operations remember: a table of fixed size, that lets go of the older where two meet. */
import { type Diagram, whenFull } from './diagram.ts'

/** Results by their two operands. Grows to 262,144 of them; two that meet in a slot push each other out. */
export class Cache {
  private static readonly LEAST = 1 << 10
  private static readonly MOST = 1 << 18
  private size = Cache.LEAST
  private used = 0
  private slots: (Diagram | undefined)[] = []

  constructor() {
    whenFull(() => this.resize(Cache.LEAST))
    this.resize(Cache.LEAST)
  }

  get(a: Diagram, b: Diagram): Diagram | undefined {
    const slot = this.slotOf(a, b)
    return this.slots[slot] === a && this.slots[slot + 1] === b ? this.slots[slot + 2] : undefined
  }

  set(a: Diagram, b: Diagram, result: Diagram): void {
    if (++this.used > this.size && this.size < Cache.MOST) this.resize(this.size * 4)
    const slot = this.slotOf(a, b)
    this.slots[slot] = a
    this.slots[slot + 1] = b
    this.slots[slot + 2] = result
  }

  private slotOf(a: Diagram, b: Diagram): number {
    const hash = Math.imul(Math.imul(a.id, 0x9e3779b1) ^ b.id, 0x85ebca6b)
    return ((hash ^ (hash >>> 15)) & (this.size - 1)) * 3
  }

  private resize(size: number): void {
    this.size = size
    this.used = 0
    this.slots = Array<Diagram | undefined>(size * 3).fill(undefined)
  }
}
