/** For how long a tracked flow is remembered while no packet of it comes (S12). Read by every engine. */

/** Seconds. What is absent is as by default. */
export interface IdleTimeouts {
  readonly tcpEstablished?: number
  /** A UDP flow that has been seen in one direction, or with one answer. */
  readonly udp?: number
  /** A UDP flow with more than that. */
  readonly udpStream?: number
}

/** Seconds, where an interface has none of its own. `other` is for protocols that are neither TCP, UDP nor ICMP. */
export const DEFAULT_IDLE = { tcpEstablished: 432_000, udp: 30, udpStream: 180, other: 600 } as const
