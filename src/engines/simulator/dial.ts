/** A TCP connection to a simulated instance: whether packets get there decides, and only sshd listens. */
import type { Duplex } from 'node:stream'
import type { Ip } from '../../ip/address.ts'
import { answered } from '../../network/flow.ts'
import { TCP } from '../../network/match.ts'
import { DialError, type Host } from '../engine.ts'
import type { Simulation } from './commands.ts'
import { connectionPair } from './connection.ts'
import { SSH_PORT, simulatedSshd } from './sshd.ts'

/** Nobody waits for packets that are simulated: silence is a timeout at once. */
export function simulatedDial(simulation: Simulation): Host['dial'] {
  const sshd = simulatedSshd(simulation)
  return async (node: string, from: Ip, to: Ip, port: number): Promise<Duplex> => {
    const sourcePort = 32768 + Math.floor(Math.random() * 28000)
    const flow = { protocol: TCP, source: from, sourcePort, destination: to, destinationPort: port }
    const trace = simulation.send(flow, node)
    if (!answered(trace)) throw new DialError('timeout', `${to} port ${port} is silent to ${from}`)
    const taker = trace.request.path.at(-1) ?? ''
    if (port !== SSH_PORT || !simulation.guest(taker)) throw new DialError('refused', `${to} refuses port ${port}`)
    const [near, far] = connectionPair()
    sshd(taker, far, from, sourcePort)
    return near
  }
}
