/** A command in a node, for the owner. */
import type { Host, Running } from '../engines/engine.ts'
import { type Overhearing, overheard } from './overheard.ts'
import { isText, joinRunning, terminalSize, type Upgrade } from './upgrade.ts'

/** Starts the command that the request's header names, in a terminal where it gives the size of one. */
export const serveExec = (host: Host, upgrade: Upgrade, noted: Noted): Promise<void> =>
  joinRunning(upgrade, (asked) => start(host, asked, noted))

type Noted = Pick<Overhearing, 'note' | 'state'>

/** `quiet`: nobody typed it, and nothing is noted of it. */
function start(host: Host, { node, command, terminal, quiet }: Record<string, unknown>, noted: Noted): Running {
  const size = terminalSize(terminal)
  const wrong = terminal !== undefined && !size
  if (!isText(node) || !Array.isArray(command) || !command.every(isText) || command.length === 0 || wrong)
    throw new Error(
      'x-isthmus-command must be base64 of {"node": string, "command": [string, ...]}, with "terminal": ' +
        '{"columns": number, "rows": number} where it runs in a terminal',
    )
  const running = host.spawn(node, command, size ? { terminal: size } : {})
  return quiet === true ? running : overheard(running, { ...noted, node, command })
}
