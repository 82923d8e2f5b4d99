/** What realizes a network: what an engine does, and what a machine does for the instances it hosts. */
import type { Duplex } from 'node:stream'
import type { Ip } from '../ip/address.ts'
import type { Flow, Trace } from '../network/flow.ts'
import type { Network } from '../network/network.ts'
import type { Origin } from '../network/origin.ts'
import type { Counter } from './counting.ts'

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
  /**
   * How many packets the rules of a resource have let pass and dropped. A rule judges the first packet of a flow that
   * is tracked, and each of those that are not. What nobody had read may be forgotten when rules beside it change.
   */
  counters(resource: string): Promise<readonly Counter[]>
  /** What nodes can do here. */
  readonly host: Host
  /** Lets go of the machine. `keep` leaves instances running for the next server. */
  close(options?: { keep?: boolean }): Promise<void>
}

/** Columns and rows of a terminal. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** A running command inside a node. */
export interface Running {
  /** Called with output as it comes; and once with how it ended. A terminal has `stdout` only. */
  onOutput(listener: (stream: 'stdout' | 'stderr', data: Uint8Array) => void): void
  readonly exit: Promise<{ code: number | null; signal: string | null }>
  /** Input; null ends it. A promise resolves when more is welcome. */
  write(data: Uint8Array | null): void | Promise<void>
  kill(signal: NodeJS.Signals): void
  /** Holds its output back, as who reads it is slower; or lets it go on. */
  hold?(held: boolean): void
  /** Where it runs in a terminal: the terminal has another size now. */
  resize?(size: TerminalSize): void
}

export interface SpawnOptions {
  /** Runs it in a terminal of its own. */
  readonly terminal?: TerminalSize
}

/** What a machine does for the nodes it hosts. */
export interface Host {
  /** Starts `command` inside a node, as root. Throws where the engine cannot (the simulator knows a few commands). */
  spawn(node: string, command: readonly string[], options?: SpawnOptions): Running
  /**
   * Boots the guest of a node that is in force, again where it runs with a lower boot number. Resolves when it is up.
   * Calls for one node do not overlap.
   */
  boot(node: string, guest: Guest): Promise<void>
  /** Node → which boot it runs in, of all guests, also of those that an earlier server booted. It goes on to change. */
  guests(): ReadonlyMap<string, { readonly boot: number }>
  /** Lets the guest end its processes, then ends it. Its disk stays. Nothing happens where none runs. */
  halt(node: string): Promise<void>
  /** Removes all disks but those of `nodes`. */
  keepDisks(nodes: ReadonlySet<string>): Promise<void>
  /** Called when a guest ended by itself: shut down or rebooted from inside, or `lost`, as at a power cut. */
  onEnd(listener: (node: string, how: 'halt' | 'reboot' | 'lost') => void): void
  /** The newest lines on a guest's console (64 KiB at most), and when the last was written (milliseconds). */
  console(node: string): { readonly output: Uint8Array; readonly at: number } | undefined
  /** Opens a TCP connection from an address of a node. Rejects with DialError. `timeout` is in milliseconds. */
  dial(node: string, from: Ip, to: Ip, port: number, timeout: number): Promise<Duplex>
  /**
   * Reports packets as they pass `where`, and what stopped them: a host (all its interfaces), one interface of a host,
   * or a link: a peering or an uplink. Rejects where it is none of these. Nothing inside a host sees or hinders it.
   */
  capture(where: string, listener: (packet: Captured) => void): Promise<Capture>
}

/** A packet as it passed a captured interface. */
export interface Captured {
  /** Microseconds since 1970. */
  readonly at: number
  /** The captured interface of a host, or the captured link. */
  readonly interface: string
  /** As the host sees it; on a link, `in` is towards its first router: of an uplink, into the VPC. */
  readonly direction: 'in' | 'out'
  readonly linkType: 'ethernet' | 'raw'
  /** The packet, or its beginning where more is not known of it. */
  readonly data: Uint8Array
  /** Bytes of the whole packet. */
  readonly originalLength: number
  /** The fact that stopped it, where it went no further. */
  readonly dropped?: Origin
  /** What else there is to say of it, as a sentence. */
  readonly comment?: string
}

export interface Capture {
  /** How many packets went by unseen, because they came faster than they could be read. */
  missed(): number
  close(): Promise<void>
}

/** Why no connection came about: nobody answered, or somebody refused. */
export class DialError extends Error {
  override readonly name = 'DialError'
  readonly why: 'timeout' | 'refused'
  constructor(why: 'timeout' | 'refused', message: string) {
    super(message)
    this.why = why
  }
}

/** What a node needs beyond its network to be a machine of its own: a guest of the machine that hosts it. */
export interface Guest {
  /** Counts its boots: a guest with a lower number is booted again. */
  readonly boot: number
  readonly hostname: string
  /** What makes up its root file system, beside the host's programs. */
  readonly files: readonly GuestFile[]
  /** Bytes of memory it may use. */
  readonly memory: number
}

/** A file of a guest, owned by its root unless it says otherwise. The folders on its path are made. */
export interface GuestFile {
  /** Absolute. */
  readonly path: string
  readonly text: string
  /** Such as 0o644. */
  readonly mode: number
  /** User id inside, 0 unless given; the group has the same number. */
  readonly owner?: number
  /** Written at the first boot only: what the guest made of it stays. Else it is written at every boot. */
  readonly once?: boolean
}

/** What answers the hosts of a router at the addresses of its services (`Service` in network.ts). */
export interface Services {
  /** The answer to a DNS message that came from `from` on a subnet of `router`; undefined is silence. */
  dns(router: string, from: Ip, query: Uint8Array): Uint8Array | undefined
  metadata(router: string, from: Ip, request: MetadataRequest): MetadataAnswer
}

export interface MetadataRequest {
  readonly method: string
  /** With the query, as it stands in the request line. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface MetadataAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** How its characters become bytes: latin1 where each is a byte, as of user data; utf8 unless given. */
  readonly encoding?: 'latin1'
  /** The TTL of the answer's packets; 64 unless given. */
  readonly hopLimit?: number
}
