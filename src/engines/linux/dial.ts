/** TCP connections that begin in a node: the socket is made there, and used here. */
import { closeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Ip } from '../../ip/address.ts'
import { DialError } from '../engine.ts'
import { socketAddress } from './bound-socket.ts'
import { bind, connectLater, errno, setOption, socket, within } from './libc.ts'
import { pathOf } from './names.ts'

const AF_INET = 2
const SOCK_STREAM = 1
const SOL_SOCKET = 1
/** A blocking connect gives up after this time. */
const SO_SNDTIMEO = 21
const ECONNREFUSED = 111

/** From `from`, an address of the namespace. `timeout` is in milliseconds. Rejects with DialError. */
export async function dial(namespace: string, from: Ip, to: Ip, port: number, timeout: number): Promise<Duplex> {
  const fd = within(pathOf(namespace), () => socket(AF_INET, SOCK_STREAM, 0))
  if (fd < 0) throw new Error(`no socket can be had (errno ${errno()})`)
  try {
    setTimeLimit(fd, timeout)
    const source = socketAddress(from, 0)
    if (bind(fd, source, source.length) < 0) throw new Error(`${from} is no address of the node (errno ${errno()})`)
    const problem = await connectLater(fd, socketAddress(to, port))
    if (problem !== 0) throw failure(problem, to, port)
    setTimeLimit(fd, 0)
    return new Socket({ fd, readable: true, writable: true })
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function failure(problem: number, to: Ip, port: number): DialError {
  const where = `${to} port ${port}`
  return problem === ECONNREFUSED
    ? new DialError('refused', `${where} refused the connection.`)
    : new DialError('timeout', `${where} did not answer (errno ${problem}).`)
}

/** struct timeval; 0 is no limit. */
function setTimeLimit(fd: number, milliseconds: number): void {
  const value = Buffer.alloc(16)
  value.writeBigInt64LE(BigInt(Math.floor(milliseconds / 1000)), 0)
  value.writeBigInt64LE(BigInt(Math.floor(milliseconds % 1000) * 1000), 8)
  setOption(fd, SOL_SOCKET, SO_SNDTIMEO, value, value.length)
}
