/** Carries out lines of `ip -batch` by netlink, without a process. */
import { getSystemErrorMessage } from 'node:util'
import { messagesOf, NETLINK_ROUTE, type NetlinkSocket, openNetlink } from './netlink.ts'
import { indexBy } from './rtnetlink.ts'
import { type LineMessage, messageOf } from './rtnetlink-lines.ts'

/** So many at once that their answers fit the socket. */
const AT_ONCE = 64
const REQUEST_AND_ANSWER = 0x5
const NLMSG_ERROR = 2

/**
 * Carries out `lines` in the namespace at `path`. Answers false where one of them has words that only `ip` knows: then
 * nothing has been done. Throws with the first line that the kernel refuses, once all have been tried.
 */
export function rtnetlinkBatch(path: string, lines: readonly string[]): boolean {
  const socket = openNetlink(path, NETLINK_ROUTE, 0)
  try {
    const links = new Map<string, number>()
    const indexOf = (name: string): number => {
      const index = links.get(name) ?? indexBy(socket, name)
      if (index === undefined) throw new Error(`there is no link ${name} in ${path}`)
      links.set(name, index)
      return index
    }
    const messages = lines.flatMap((line) => messageOf(line, indexOf) ?? [])
    if (messages.length < lines.length) return false
    for (let from = 0; from < lines.length; from += AT_ONCE) {
      const refused = carriedOut(socket, messages.slice(from, from + AT_ONCE))
      if (refused) throw new Error(`${path}: ${lines[from + refused.at]}: ${getSystemErrorMessage(refused.errno)}`)
    }
    return true
  } finally {
    socket.close()
  }
}

/** The first of them that the kernel refuses, and why. */
function carriedOut(
  socket: NetlinkSocket,
  messages: readonly LineMessage[],
): { readonly at: number; readonly errno: number } | undefined {
  socket.send(Buffer.concat(messages.map(bytesOf)))
  let refused: { readonly at: number; readonly errno: number } | undefined
  for (let answered = 0; answered < messages.length; ) {
    const datagram = socket.read()
    if (datagram === undefined || datagram === 'lost') throw new Error('the kernel does not answer to a change')
    for (const { type, body } of messagesOf(datagram)) {
      if (type !== NLMSG_ERROR) continue
      answered++
      // After the error number comes the head of what was asked, with its sequence number.
      const [errno, at] = [body.readInt32LE(0), body.readUInt32LE(4 + 8)]
      if (errno !== 0) refused ??= { at, errno }
    }
  }
  return refused
}

function bytesOf({ type, flags, body }: LineMessage, sequence: number): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32LE(16 + body.length, 0)
  head.writeUInt16LE(type, 4)
  head.writeUInt16LE(REQUEST_AND_ANSWER | flags, 6)
  head.writeUInt32LE(sequence, 8)
  return Buffer.concat([head, body])
}
