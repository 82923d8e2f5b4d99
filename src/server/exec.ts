/** A command in a node, for the owner. */
import type { Host, Running } from '../engines/engine.ts'
import { isText, joinRunning, terminalSize, type Upgrade } from './upgrade.ts'

/** Starts the command that the request's header names, in a terminal where it gives the size of one. */
export const serveExec = (host: Host, upgrade: Upgrade): Promise<void> =>
  joinRunning(upgrade, (asked) => start(host, asked))

function start(host: Host, { node, command, terminal }: Record<string, unknown>): Running {
  const size = terminalSize(terminal)
  const wrong = terminal !== undefined && !size
  if (!isText(node) || !Array.isArray(command) || !command.every(isText) || command.length === 0 || wrong)
    throw new Error(
      'x-isthmus-command must be base64 of {"node": string, "command": [string, ...]}, with "terminal": ' +
        '{"columns": number, "rows": number} where it runs in a terminal',
    )
  return host.spawn(node, command, size ? { terminal: size } : {})
}
