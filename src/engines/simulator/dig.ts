/** `dig` and `getent hosts` over simulated packets. */
import type { Answer, Packet, RecordType } from 'dns-packet'
import { type Ip, parseIp } from '../../ip/address.ts'
import type { Command, CommandContext } from './commands.ts'
import { ask, resolve, resolverOf } from './names.ts'

interface Asked {
  readonly name: string
  readonly type: RecordType
  readonly short: boolean
  readonly server: Ip | undefined
}

export const dig: Command = async (context, args) => {
  const { name, type, short, server = resolverOf(context) } = askedFor(args)
  const answer = server && ask(context, server, { type, name })
  if (!answer) {
    if (!context.interrupted()) await context.sleep(5000)
    context.print(`;; communications error to ${server ?? '127.0.0.1'}#53: timed out`)
    context.print(';; no servers could be reached')
    return 9
  }
  const lines = (answer.answers ?? []).map((a) => (short ? dataOf(a) : recordLine(a)))
  if (short) for (const line of lines) context.print(line)
  else report(context, answer, { name, type, server, lines })
  return 0
}

export const getent: Command = async (context, [database, ...names]) => {
  if (!['hosts', 'ahosts', 'ahostsv4'].includes(database ?? '')) {
    context.complain(`getent: the simulated one knows hosts only, not ${database ?? ''}`)
    return 1
  }
  let code = 0
  for (const name of names) {
    const address = resolve(context, name)
    if (address) context.print(`${address.padEnd(15)} ${database === 'hosts' ? name : `STREAM ${name}`}`)
    else code = 2
  }
  return code
}

function askedFor(args: readonly string[]): Asked {
  const server = args.find((arg) => arg.startsWith('@'))
  const words = args.filter((arg) => !/^[@+-]/.test(arg))
  const reverse = args.includes('-x')
  const types = words.filter((word) => TYPES.has(word.toUpperCase()))
  const name = words.find((word) => !types.includes(word)) ?? '.'
  const plain = { type: (types[0]?.toUpperCase() ?? 'A') as RecordType, name: name.replace(/(?<=.)\.$/, '') }
  return {
    ...(reverse ? { type: 'PTR' as const, name: `${name.split('.').reverse().join('.')}.in-addr.arpa` } : plain),
    short: args.includes('+short'),
    server: server === undefined ? undefined : parseIp(server.slice(1)),
  }
}

const TYPES = new Set(['A', 'AAAA', 'ANY', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'TXT'])

function dataOf(answer: Answer): string {
  const data = 'data' in answer ? answer.data : undefined
  return typeof data === 'object' ? JSON.stringify(data) : String(data)
}

const recordLine = (answer: Answer): string => {
  const ttl = 'ttl' in answer ? answer.ttl : 0
  return `${answer.name}.\t${ttl}\tIN\t${answer.type}\t${dataOf(answer)}`
}

function report(
  context: CommandContext,
  answer: Packet,
  { name, type, server, lines }: { name: string; type: string; server: Ip; lines: readonly string[] },
): void {
  const { rcode } = answer as Packet & { rcode?: string }
  context.print(`; <<>> simulated dig <<>> ${name} ${type}`)
  context.print(`;; ->>HEADER<<- opcode: QUERY, status: ${rcode ?? 'NOERROR'}, id: ${answer.id ?? 0}`)
  context.print(`\n;; QUESTION SECTION:\n;${name}.\t\tIN\t${type}`)
  if (lines.length > 0) context.print(`\n;; ANSWER SECTION:\n${lines.join('\n')}`)
  context.print(`\n;; SERVER: ${server}#53(${server}) (UDP)`)
}
