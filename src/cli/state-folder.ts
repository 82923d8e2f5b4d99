/** Which state a command is about: every server has a folder, and through it every command finds its server. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** `--state`, else ISTHMUS_STATE, else the user's state folder (XDG). An absolute path. */
export function stateFolder(option: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const chosen = option || env.ISTHMUS_STATE
  if (chosen) return resolve(chosen)
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'isthmus')
}
