/** D07: with a route on one side only the request arrives and the reply is lost (X9). */
import { ping, scenario } from './scenario.ts'

export default scenario(
  'D07',
  'with a route on one side only the request arrives and the reply is lost (X9)',
  async (s) => {
    const { a, b, one, two } = await s.openPair()
    const pcx = s.peer(a, b)
    s.route(a.mainTable, '10.2.0.0/16', pcx)
    await s.silent(one, two, ping, { leg: 'reply', resource: b.mainTable, code: 'NO_ROUTE_TO_DESTINATION' })
    await s.silent(two, one, ping, { resource: b.mainTable, code: 'NO_ROUTE_TO_DESTINATION' })
    s.route(b.mainTable, '10.1.0.0/16', pcx)
    await s.answered(one, two, ping)
  },
)
