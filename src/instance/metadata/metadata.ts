/**
 * The instance metadata service (P6), versions 1 and 2: answers an instance with what the records say of it.
 *
 * Invariants: who asks is known by the address alone; a token is good for the instance it was made for, and no other.
 */
import type { MetadataAnswer, MetadataRequest } from '../../engines/engine.ts'
import type { State } from '../../ec2/state.ts'
import type { Ip } from '../../ip/address.ts'
import { instanceTree } from './instance-tree.ts'
import { errorPage, textPage } from './page.ts'
import { type Subject, subjectAt } from './subject.ts'
import { makeToken, secondsLeft } from './token.ts'
import { textAt } from './tree.ts'

export interface MetadataOptions {
  readonly state: State
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Signs tokens; what is signed with another is not good. */
  readonly secret: Uint8Array
  /** The keys that Instance Connect has pushed for a user of an instance and that are still good (I1). */
  readonly activeKeys: (instanceId: string, user: string) => readonly string[]
}

/** Names of versions, beside `latest`; they all have the tree of the newest. */
const VERSIONS = [
  ...['1.0', '2007-01-19', '2007-03-01', '2007-08-29', '2007-10-10', '2007-12-15', '2008-02-01', '2008-09-01'],
  ...['2009-04-04', '2011-01-01', '2011-05-01', '2012-01-12', '2014-02-25', '2014-11-05', '2015-10-20', '2016-04-19'],
  ...['2016-06-30', '2016-09-02', '2018-03-28', '2018-08-17', '2018-09-24', '2019-10-01', '2020-10-27', '2021-01-03'],
  ...['2021-03-23', '2021-07-15', '2022-09-24', '2024-04-11', 'latest'],
] as readonly string[]

const TOKEN_PATH = /^\/+latest\/+api\/+token\/*$/
const TTL_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds'
const LONGEST = 21_600

/** What the host at `from` on a subnet of VPC `router` is answered. */
export function metadataAnswer(
  options: MetadataOptions,
  router: string,
  from: Ip,
  request: MetadataRequest,
): MetadataAnswer {
  const subject = subjectAt(options.state, router, from)
  if (!subject) return errorPage(404)
  if (subject.instance.metadataOptions.httpEndpoint === 'disabled') return errorPage(403)
  const method = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
  return method ? method(options, subject, request) : errorPage(405)
}

type Method = (options: MetadataOptions, subject: Subject, request: MetadataRequest) => MetadataAnswer

/** The answer to HEAD has a body here too; the HTTP server leaves it out. */
const methods: Readonly<Record<string, Method>> = { GET: get, HEAD: get, PUT: put }

/** A new token. Its packets may not go further than the instance's hop limit says. */
function put(options: MetadataOptions, { instance }: Subject, { path, headers }: MetadataRequest): MetadataAnswer {
  const hopLimit = instance.metadataOptions.httpPutResponseHopLimit
  if (!TOKEN_PATH.test(withoutQuery(path))) return { ...errorPage(405), hopLimit }
  // A proxy that was talked into passing a request on must not get a token.
  if (headers['x-forwarded-for'] !== undefined) return { ...errorPage(403), hopLimit }
  const ttl = secondsOf(headers[TTL_HEADER])
  if (ttl === undefined) return { ...errorPage(400), hopLimit }
  const token = makeToken(options.secret, instance.id, options.now + ttl * 1000)
  return { ...textPage(token, 'text/plain', { [TTL_HEADER]: String(ttl) }), hopLimit }
}

function secondsOf(header: MetadataRequest['headers'][string]): number | undefined {
  const seconds = typeof header === 'string' && /^\d{1,5}$/.test(header) ? Number(header) : 0
  return seconds >= 1 && seconds <= LONGEST ? seconds : undefined
}

function get(options: MetadataOptions, subject: Subject, { path, headers }: MetadataRequest): MetadataAnswer {
  const { instance } = subject
  const token = headers['x-aws-ec2-metadata-token']
  if (token === undefined)
    return instance.metadataOptions.httpTokens === 'required' ? errorPage(401) : page(options, subject, path)
  const left = secondsLeft(options.secret, instance.id, String(token), options.now)
  return left === undefined ? errorPage(401) : page(options, subject, path, { [TTL_HEADER]: String(left) })
}

function page(
  { activeKeys }: MetadataOptions,
  subject: Subject,
  path: string,
  headers: MetadataAnswer['headers'] = {},
): MetadataAnswer {
  const keysOf = (user: string) => activeKeys(subject.instance.id, user).join('\n') || undefined
  const [version = '', ...rest] = withoutQuery(path).split('/').filter(Boolean)
  if (version === '') return textPage(VERSIONS.join('\n'), 'text/plain', headers)
  const text = VERSIONS.includes(version) ? textAt(instanceTree(subject, keysOf), rest.join('/')) : undefined
  if (text === undefined) return errorPage(404)
  if (rest.join('/') !== USER_DATA) return textPage(text, 'text/plain', headers)
  return { ...textPage(text, 'application/octet-stream', headers), encoding: 'latin1' }
}

/** As it was given, whatever it is: gzip as well as text. */
const USER_DATA = 'user-data'

const withoutQuery = (path: string): string => path.split('?', 1)[0] ?? ''
