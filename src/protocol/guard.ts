/**
 * Keeps web pages out: an API on loopback that takes any credentials is within reach of every page a browser shows.
 *
 * A page on another site is told apart by the Host it had to use (DNS rebinding) and by what its browser says of where
 * the request comes from; clients other than browsers say nothing of that.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { isIPv4 } from 'node:net'

/** Why the request is not answered, as a sentence; undefined where it is. `names`: host names beside loopback's. */
export function refusedByGuard(headers: IncomingHttpHeaders, names: readonly string[]): string | undefined {
  const host = parse(`http://${headers.host}`)
  if (!host || !(isLoopback(host.hostname) || names.includes(host.hostname))) {
    return `The Host header names ${headers.host ?? 'nothing'}, and this server answers for loopback only.`
  }
  if (headers.origin !== undefined && parse(headers.origin)?.host !== host.host) {
    return `A page of ${headers.origin} may not call this server.`
  }
  const site = headers['sec-fetch-site']
  // An <img> or a link elsewhere sends no Origin with its GET, but it says this.
  const elsewhere = site !== undefined && site !== 'same-origin' && site !== 'none'
  return elsewhere ? 'A page of another site may not call this server.' : undefined
}

const isLoopback = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || (isIPv4(name) && name.startsWith('127.'))

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined
}
