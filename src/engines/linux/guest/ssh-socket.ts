/**
 * Port 22 of guests, as socket activation has it: the server holds the socket, and each connection gets an sshd of its
 * own that lives inside. A guest that nobody logs in to has no sshd; a session goes on when the server ends.
 */
import { statSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { ip } from '../../../ip/address.ts'
import { boundSocket } from '../bound-socket.ts'
import { pathOf } from '../names.ts'

const SSH = 22

export interface SshSockets {
  /** Answers in a namespace from now on; `start` gives a connection its sshd. */
  open(node: string, namespace: string, start: (socket: Socket) => void): void
  close(node: string): void
  closeAll(): void
}

export function sshSockets(log: (line: string) => void): SshSockets {
  const open = new Map<string, { readonly server: Server; readonly inode: number }>()
  const close = (node: string) => {
    open.get(node)?.server.close()
    open.delete(node)
  }
  return {
    open(node, namespace, start) {
      const inode = statSync(pathOf(namespace)).ino
      if (open.get(node)?.inode === inode) return
      close(node)
      const fd = portOf(namespace)
      if (fd === undefined) return
      const server = createServer({ pauseOnConnect: true }, (socket) => {
        socket.on('error', () => {})
        start(socket)
      })
      server.on('error', (error) => log(`port ${SSH} of ${node}: ${error.message}`))
      server.listen({ fd })
      open.set(node, { server, inode })
    },
    close,
    closeAll: () => [...open.keys()].forEach(close),
  }
}

/** Undefined where somebody inside has taken the port for a server of his own. */
function portOf(namespace: string): number | undefined {
  try {
    return boundSocket(namespace, 'tcp', ip('0.0.0.0'), SSH)
  } catch {
    return undefined
  }
}
