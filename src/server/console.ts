/** The web console as this server serves it: the files that were built, the analyzer, and what is new. */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Console, ConsoleFile } from '../protocol/console.ts'
import type { Routes } from '../protocol/http.ts'
import type { Store } from '../store/store.ts'
import type { Checks } from './checks.ts'
import { answerExplain } from './explain.ts'
import type { Live } from './live/live.ts'
import type { News } from './news.ts'
import type { Terminals } from './terminals.ts'
import { answerWays } from './ways.ts'

/** Where `scripts/prepare` builds it. */
const BUILT = fileURLToPath(new URL('../../node_modules/.isthmus/console', import.meta.url))

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export interface ConsoleOptions {
  readonly token: string
  readonly news: News
  readonly checks: Checks
  readonly terminals: Pick<Terminals, 'sockets'>
  revision(): number
  /** Labs: see labs.ts. */
  readonly labs: Routes
  /** What pages ask of what goes on. */
  readonly live: Live
  /** What instances see as this machine's address, where the machine can reach them. */
  readonly hostAddress?: string | undefined
}

export function consoleOf({
  token,
  news,
  checks,
  terminals,
  revision,
  labs,
  live,
  hostAddress,
}: ConsoleOptions): Console {
  const files = filesIn(BUILT)
  return {
    token,
    file: (path) => files.get(path),
    routes: {
      ...labs,
      ...live.routes,
      'GET /_isthmus/machine': () => ({ status: 200, body: { ...(hostAddress && { hostAddress }) } }),
      'POST /_isthmus/explain': ({ body }) => {
        const asked = objectIn(body)
        if (!asked) return { status: 400, body: { error: 'The body is not a JSON object.' } }
        return answerExplain(checks.subject(), asked)
      },
      'POST /_isthmus/ways': ({ body }) => answerWays(checks.subject().state, objectIn(body) ?? {}),
    },
    sockets: terminals.sockets,
    streams: {
      ...live.streams,
      'GET /_isthmus/events': (tell) => {
        tell({ revision: revision(), types: [], ids: {} })
        return news.listen(tell)
      },
    },
  }
}

function objectIn(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** The token of this state's console, the same after a restart: a page that is open stays good. */
export function tokenOf(store: Store): string {
  const known = store.meta('console-token')
  if (known !== undefined) return known
  const token = randomBytes(24).toString('base64url')
  store.setMeta('console-token', token)
  return token
}

/** All files, read once: a request can ask for nothing else. None where nothing was built. */
function filesIn(folder: string): ReadonlyMap<string, ConsoleFile> {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const paths = entries.map(({ parentPath, name }) => join(parentPath, name))
    return new Map(paths.map((path) => [relative(folder, path), fileAt(path)]))
  } catch {
    return new Map()
  }
}

const fileAt = (path: string): ConsoleFile => ({
  contentType: TYPES[extname(path)] ?? 'application/octet-stream',
  body: readFileSync(path),
})
