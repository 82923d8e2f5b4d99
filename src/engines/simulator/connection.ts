/** Both ends of a simulated TCP connection. */
import { Duplex } from 'node:stream'

/**
 * Two streams, each of which says what is written to the other: a turn of the event loop later, as on a real
 * connection, where nobody is answered in the middle of a write.
 */
export function connectionPair(): [Duplex, Duplex] {
  const far = new End()
  return [new End(far), far]
}

class End extends Duplex {
  #other: End | undefined
  /** What was written to the other end and has not been asked for: its writer waits. */
  #wanted: (() => void) | undefined
  /** Nothing more comes from the other end. */
  #over = false

  constructor(other?: End) {
    super()
    this.#other = other
    if (other) other.#other = this
  }

  override _read(): void {
    const wanted = this.#wanted
    this.#wanted = undefined
    wanted?.()
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#tell(chunk, done)
  }

  override _final(done: () => void): void {
    this.#tell(null, done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // The other end hears that nothing more comes.
    this.#tell(null, () => {})
    done(error)
  }

  #tell(chunk: Buffer | null, done: () => void): void {
    const other = this.#other
    setImmediate(() => (other ? other.#take(chunk, done) : done()))
  }

  #take(chunk: Buffer | null, done: () => void): void {
    const deaf = this.destroyed || this.#over
    this.#over ||= chunk === null
    if (deaf || this.push(chunk) || chunk === null) done()
    else this.#wanted = done
  }
}
