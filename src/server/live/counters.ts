/** What the rules of a resource have let pass and dropped, for a page. */
import type { Engine } from '../../engines/engine.ts'
import type { RouteAnswer } from '../../protocol/http.ts'

export async function countersOf({ counters }: Pick<Engine, 'counters'>, query: URLSearchParams): Promise<RouteAnswer> {
  const resource = query.get('resource') ?? ''
  if (!/^[a-z]+-[0-9a-f]+$/.test(resource)) return { status: 400, body: { error: 'resource is no id.' } }
  return { status: 200, body: { counters: await counters(resource) } }
}
