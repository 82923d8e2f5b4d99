/** What realizes a network: the three things an engine does, and what a machine does for an instance. */
import type { Flow, Trace } from '../network/flow.ts'
import type { Network } from '../network/network.ts'

/** Takes the whole desired network each time; keeps its diff private. */
export interface Engine {
  readonly name: 'simulator' | 'linux'
  /**
   * Makes the machine equal to `network`. Idempotent. Calls do not overlap; the newest wins.
   * Resolves once the network is in force. `reached` is the revision in force, for health and `status --wait`.
   */
  apply(network: Network, revision: number): Promise<void>
  readonly reached: number
  /**
   * Sends `flow` from a node and says what became of it, and of the answer. `session` continues a flow that
   * an earlier probe of the same name opened: the same ports, the connection tracking of then.
   */
  probe(flow: Flow, from: string, session?: string): Promise<Trace>
  /** What nodes can do here. */
  readonly host: Host
  /** Lets go of the machine. `keep` leaves instances running for the next server. */
  close(options?: { keep?: boolean }): Promise<void>
}

/** A running command inside a node. */
export interface Running {
  /** Called with output as it comes; and once with how it ended. */
  onOutput(listener: (stream: 'stdout' | 'stderr', data: Uint8Array) => void): void
  readonly exit: Promise<{ code: number | null; signal: string | null }>
  write(data: Uint8Array | null): void
  kill(signal: NodeJS.Signals): void
}

/** What a machine does for the nodes it holds. */
export interface Host {
  /** Starts `command` inside a node. Throws where the engine cannot (the simulator knows a few commands only). */
  spawn(node: string, command: readonly string[]): Running
}
