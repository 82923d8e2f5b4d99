/** A simulated VPC with two instances, services that answer, and what a command in one of them says. */
import { type Answer, decode, encode } from 'dns-packet'
import type { Engine, Guest, MetadataRequest, Running, Services, TerminalSize } from '../../src/engines/engine.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { type Ip, ip } from '../../src/ip/address.ts'
import { ANYWHERE, prefix } from '../../src/ip/prefix.ts'
import { assemble } from '../../src/compile/assemble.ts'
import { internet } from '../../src/compile/internet.ts'
import type { Fact } from '../../src/network/network.ts'

export const WEB = '10.1.7.162'
export const DB = '10.1.7.20'
export const SILENT = '10.1.7.99'
export const INTERNET_HOST = '203.0.113.10'

const origin = { resource: 'test' }

const host = (id: string, address: string): Fact[] => [
  { node: { id, kind: 'host', origin } },
  {
    interface: {
      id: `eni-${id}`,
      node: id,
      segment: 'subnet',
      addresses: [ip(address)],
      mac: '02:00:00:00:00:01',
      sourceDestCheck: true,
      ruleSets: [id === 'silent' ? 'closed' : 'open'],
      deviceIndex: 0,
      placement: 'local',
      origin,
    },
  },
]

const anything = { remote: { prefix: ANYWHERE } }

/** One subnet 10.1.0.0/20 with web, db, and silent, which lets nothing in. */
const FACTS: Fact[] = [
  ...internet(),
  { node: { id: 'vpc', kind: 'router', origin } },
  { segment: { id: 'subnet', kind: 'subnet', prefix: prefix('10.1.0.0/20'), mtu: 9001, origin } },
  { table: { id: 'main', node: 'vpc', number: 1, origin } },
  {
    interface: {
      id: 'gateway',
      node: 'vpc',
      segment: 'subnet',
      addresses: [ip('10.1.0.1')],
      table: 'main',
      sourceDestCheck: false,
      placement: 'local',
      origin,
    },
  },
  { route: { table: 'main', prefix: prefix('10.1.0.0/16'), nextHop: { kind: 'connected' }, origin } },
  { ruleSet: { id: 'open', stateful: true, origin } },
  { ruleSet: { id: 'closed', stateful: true, origin } },
  { rule: { ruleSet: 'open', direction: 'ingress', priority: 0, action: 'allow', match: anything, origin } },
  { rule: { ruleSet: 'open', direction: 'egress', priority: 0, action: 'allow', match: anything, origin } },
  { service: { node: 'vpc', kind: 'dns', address: ip('10.1.0.2'), origin } },
  { service: { node: 'vpc', kind: 'metadata', address: ip('169.254.169.254'), origin } },
  ...host('web', WEB),
  ...host('db', DB),
  ...host('silent', SILENT),
]

/** Knows `db.internal`; metadata says who asked for what. */
const services: Services = {
  dns(_router, _from, query) {
    const { id, questions = [] } = decode(Buffer.from(query))
    const answers: Answer[] = questions
      .filter(({ name, type }) => name === 'db.internal' && type === 'A')
      .map(({ name }) => ({ type: 'A', name, ttl: 60, data: DB }))
    return encode({ type: 'response', id: id ?? 0, questions, answers })
  },
  metadata: (router: string, from: Ip, { method, path, headers }: MetadataRequest) => ({
    status: path.endsWith('/gone') ? 404 : 200,
    headers: { 'content-type': 'text/plain' },
    body: path.endsWith('/token') ? 'the token' : `${router} ${from} ${method} ${path} ${headers['x-token'] ?? '-'}`,
  }),
}

export const GUEST: Guest = {
  boot: 1,
  hostname: 'ip-10-1-7-162',
  files: [{ path: '/etc/resolv.conf', text: 'search internal\nnameserver 10.1.0.2\n', mode: 0o644 }],
  memory: 1 << 30,
}

/** The engine with that network in force, and web booted. */
export async function simulated(): Promise<Engine> {
  const engine = simulator({ services })
  await engine.apply(assemble(FACTS), 1)
  await engine.host.boot('web', GUEST)
  return engine
}

export interface Said {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
}

/** Runs a command in `web` to its end. */
export const said = (engine: Engine, ...command: readonly string[]): Promise<Said> =>
  outcome(engine.host.spawn('web', command))

export function outcome(running: Running): Promise<Said> {
  const text = { stdout: '', stderr: '' }
  running.onOutput((stream, data) => {
    text[stream] += Buffer.from(data).toString()
  })
  return running.exit.then((exit) => ({ ...exit, out: text.stdout, err: text.stderr }))
}

/** A shell in `web` at a terminal: types, and resolves when a text has come after that. */
export function typing(engine: Engine, command: readonly string[], terminal: TerminalSize = { columns: 80, rows: 24 }) {
  const running = engine.host.spawn('web', command, { terminal })
  let screen = ''
  let waiting: { from: number; text: string; resolve(): void } | undefined
  running.onOutput((_, data) => {
    screen += Buffer.from(data).toString()
    if (waiting && screen.slice(waiting.from).includes(waiting.text)) waiting.resolve()
  })
  return {
    running,
    screen: () => screen,
    type: (keys: string, text: string): Promise<void> =>
      new Promise((resolve) => {
        waiting = { from: keys === '' ? 0 : screen.length, text, resolve }
        if (keys === '' && screen.includes(text)) resolve()
        running.write(Buffer.from(keys))
      }),
  }
}
