/** Asks a router's kernel which route it takes: `ip route get` cannot tell silence from silence, the tables can. */
import { lengthOf, type Prefix, parsePrefix } from '../../../ip/prefix.ts'
import { ipBatch } from '../command.ts'

/** The route that a table's longest match is. */
export interface KernelRoute {
  readonly prefix: Prefix
  readonly type: string
  readonly device: string | undefined
}

interface Row {
  readonly dst: string
  readonly type?: string
  readonly dev?: string
}

/** The longest match of each question (table and destination) in one router; undefined where no route matches. */
export async function routesFor(
  namespace: string,
  questions: readonly { table: number; destination: string }[],
): Promise<(KernelRoute | undefined)[]> {
  const lines = questions.map(({ table, destination }) => `route show table ${table} match ${destination}`)
  const text = await ipBatch(namespace, lines, false, ['-j'])
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => longest(JSON.parse(line) as Row[]))
}

function longest(rows: readonly Row[]): KernelRoute | undefined {
  const routes = rows.flatMap(({ dst, type = 'unicast', dev }) => {
    const prefix = parsePrefix(dst === 'default' ? '0.0.0.0/0' : dst.includes('/') ? dst : `${dst}/32`)
    return prefix ? [{ prefix, type, device: dev }] : []
  })
  return routes.toSorted((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix))[0]
}
