/** The web server of the internet's hosts: tells a caller which address it came from. */
import { statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { within } from './libc.ts'
import { pathOf } from './names.ts'

const PORT = 80

export interface InternetHttp {
  /** Answers in this namespace from now on; nothing happens where it does so already. */
  serve(namespace: string): void
  close(): void
}

export function internetHttp(log: (line: string) => void): InternetHttp {
  let open: { readonly server: Server; readonly inode: number } | undefined

  const close = () => {
    open?.server.close().closeAllConnections()
    open = undefined
  }
  return {
    serve(namespace) {
      const inode = statSync(pathOf(namespace)).ino
      if (open?.inode === inode) return
      close()
      const server = webServer().on('error', (error) => log(`the web server of the internet: ${error.message}`))
      // A socket belongs to the namespace in which it was opened, and Node opens it at once.
      within(pathOf(namespace), () => server.listen(PORT))
      open = { server, inode }
    },
    close,
  }
}

const webServer = (): Server =>
  createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const from = (request.socket.remoteAddress ?? '').replace('::ffff:', '')
    const here = (request.socket.localAddress ?? '').replace('::ffff:', '')
    const text = `This is ${here}, a host of the internet. You came from ${from}.\n`
    response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' }).end(text)
  })
