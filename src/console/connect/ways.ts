/** What the server says of the ways to an instance. */
import type { WayTold, Ways } from '../../client/ways.ts'
import { ownHeaders } from '../api/session.ts'
import type { Way } from './sessions.ts'

/** The instance has no ways; the message says why. */
export class NoWays extends Error {}

/** Throws NoWays. */
export async function waysTo(instance: string): Promise<Ways> {
  const response = await fetch('/_isthmus/ways', {
    method: 'POST',
    headers: { ...ownHeaders(), 'content-type': 'application/json' },
    body: JSON.stringify({ instance }),
  }).catch(() => {
    throw new NoWays('The server does not answer.')
  })
  if (response.ok) return (await response.json()) as Ways
  const { error = 'The server can not answer.' } = (await response.json().catch(() => ({}))) as { error?: string }
  throw new NoWays(error)
}

/** The way over the network that a session takes; none for the serial console. */
export const wayOf = (ways: Ways, way: Way): WayTold | undefined =>
  way === 'serial' ? undefined : way === 'service' ? ways.service : ways.endpoint
