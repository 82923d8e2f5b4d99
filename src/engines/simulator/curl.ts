/** `curl` over simulated packets: metadata, the web servers of the internet, and what refuses or is silent. */
import { parseArgs } from 'node:util'
import type { Ip } from '../../ip/address.ts'
import { answered, type Flow } from '../../network/flow.ts'
import { TCP } from '../../network/match.ts'
import type { Command, CommandContext } from './commands.ts'
import { resolve } from './names.ts'

/** What Linux waits for the answer to a connection, in seconds. */
const CONNECT_TIMEOUT = 134

interface Options {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** Seconds. */
  readonly patience: number
  readonly silent: boolean
  readonly showError: boolean
  readonly fail: boolean
  readonly show: 'body' | 'headers' | 'both' | 'nothing'
}

export const curl: Command = async (context, args) => {
  const options = optionsOf(args)
  if (typeof options === 'string') {
    context.complain(`curl: ${options}`)
    return 2
  }
  const { url } = options
  const address = resolve(context, url.hostname)
  if (!address) return failed(context, options, 6, `Could not resolve host: ${url.hostname}`)
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const flow: Flow = {
    protocol: TCP,
    source: context.address,
    sourcePort: 32768 + Math.floor(Math.random() * 28000),
    destination: address,
    destinationPort: port,
  }
  const trace = context.send(flow, context.node)
  if (!answered(trace)) return timedOut(context, options, address, port)
  const answer = answerOf(context, options, address, port, trace.request.path.at(-1) ?? '')
  if (!answer) {
    const where = `Failed to connect to ${url.hostname} port ${port} after 0 ms: Connection refused`
    return failed(context, options, 7, where)
  }
  return show(context, options, answer)
}

interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What the one that took the connection says; undefined where nobody listens there. */
function answerOf(
  context: CommandContext,
  { url, method, headers }: Options,
  address: Ip,
  port: number,
  taker: string,
): HttpAnswer | undefined {
  const network = context.network()
  const { router } = context.machine
  const serves = network.services.some((s) => s.node === taker && s.kind === 'metadata' && s.address === address)
  if (port !== 80 || url.protocol !== 'http:') return undefined
  if (serves && router !== undefined) {
    const asked = { method, path: url.pathname + url.search, headers }
    const answer = context.services?.metadata(router, context.address, asked)
    return answer && { ...answer, body: Buffer.from(answer.body, answer.encoding ?? 'utf8').toString() }
  }
  if (network.nodes.get(taker)?.kind !== 'internet') return undefined
  const body = `This is ${address}, a host of the internet. Its answer is simulated.\n`
  return { status: 200, headers: { 'content-type': 'text/plain' }, body }
}

function show(context: CommandContext, { show: what, fail, ...options }: Options, answer: HttpAnswer): number {
  const { status, headers, body } = answer
  if (fail && status >= 400) return failed(context, options, 22, `The requested URL returned error: ${status}`)
  const head = [`HTTP/1.1 ${status}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', '']
  if (what === 'headers' || what === 'both') context.write(head.join('\r\n'))
  if (what === 'body' || what === 'both') context.write(body)
  return 0
}

async function timedOut(context: CommandContext, options: Options, address: Ip, port: number): Promise<number> {
  await context.sleep(options.patience * 1000)
  if (context.interrupted()) return 130
  const ms = options.patience * 1000
  const where = `Failed to connect to ${options.url.hostname} port ${port} after ${ms} ms`
  return failed(context, options, 28, `${where}: Timeout was reached (${address} is silent)`)
}

function failed(
  context: CommandContext,
  { silent, showError }: Pick<Options, 'silent' | 'showError'>,
  code: number,
  why: string,
): number {
  if (!silent || showError) context.complain(`curl: (${code}) ${why}`)
  return code
}

function optionsOf(args: readonly string[]): Options | string {
  const text = (short: string) => ({ type: 'string', short }) as const
  const flag = (short: string) => ({ type: 'boolean', short }) as const
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        request: text('X'),
        header: { type: 'string', short: 'H', multiple: true },
        'max-time': text('m'),
        'connect-timeout': { type: 'string' },
        output: text('o'),
        head: flag('I'),
        include: flag('i'),
        silent: flag('s'),
        'show-error': flag('S'),
        fail: flag('f'),
        location: flag('L'),
        verbose: flag('v'),
        ipv4: flag('4'),
      },
    })
    const [target] = positionals
    if (target === undefined) return '(2) no URL specified'
    const url = new URL(/^\w+:\/\//.test(target) ? target : `http://${target}`)
    if (!['http:', 'https:'].includes(url.protocol)) return `(1) Protocol "${url.protocol}" not supported`
    return {
      url,
      method: values.request ?? (values.head ? 'HEAD' : 'GET'),
      headers: Object.fromEntries((values.header ?? []).map(headerOf)),
      patience: Number(values['connect-timeout'] ?? values['max-time'] ?? CONNECT_TIMEOUT) || CONNECT_TIMEOUT,
      silent: values.silent ?? false,
      showError: values['show-error'] ?? false,
      fail: values.fail ?? false,
      show: values.output !== undefined ? 'nothing' : values.head ? 'headers' : values.include ? 'both' : 'body',
    }
  } catch (error) {
    return (error as Error).message
  }
}

const headerOf = (line: string): [string, string] => {
  const [name = '', ...value] = line.split(':')
  return [name.trim().toLowerCase(), value.join(':').trim()]
}
