/** What a page of the console asks of what goes on now: calls, packets, counters, pings. All of it needs the token. */
import type { State } from '../../ec2/state.ts'
import type { Engine } from '../../engines/engine.ts'
import type { Console } from '../../protocol/console.ts'
import type { Journal } from '../journal.ts'
import { activitySince } from './activity.ts'
import { captureEvents } from './capture.ts'
import { countersOf } from './counters.ts'
import { pingEvents } from './ping.ts'

/** Routes and streams of the console. */
export type Live = Pick<Console, 'routes' | 'streams'>

interface LiveOptions {
  readonly engine: Engine
  readonly events: Journal
  state(): State
}

export const liveOf = ({ engine, events, state }: LiveOptions): Live => ({
  routes: {
    'GET /_isthmus/activity': ({ query }) => activitySince(events, new URLSearchParams(query)),
    'GET /_isthmus/counters': ({ query }) => countersOf(engine, new URLSearchParams(query)),
  },
  streams: {
    'GET /_isthmus/capture': captureEvents(engine),
    'GET /_isthmus/ping': pingEvents(engine.host, { note: events.note, state }),
  },
})
